-- The roles of attest; run by `attest migrate` on every cluster, as often as needed.
--
-- log_owner     owns the log; nobody signs in as it
-- attest_owner  owns the other schemas; nobody signs in as it
-- the others    one per service; each may sign in, connect, and do what is granted to it
--
-- Passwords are set by `attest migrate`, as SCRAM verifiers, never here.

do $$
declare
    wanted record;
begin
    for wanted in
        values
            ('log_owner', false),
            ('attest_owner', false),
            ('submission', true),
            ('review', true),
            ('moderation', true),
            ('notification', true),
            ('viva', true),
            ('appeals', true),
            ('operations', true)
    loop
        if not exists (select from pg_roles where rolname = wanted.column1) then
            begin
                execute format(
                    'create role %I %s nosuperuser nocreatedb nocreaterole noreplication',
                    wanted.column1,
                    case when wanted.column2 then 'login' else 'nologin' end
                );
            exception when duplicate_object or unique_violation then
                -- Another `attest migrate` on this cluster was a moment earlier.
                null;
            end;
        end if;
        -- Migrations hand objects over to the owners, so who migrates is a member; since
        -- PostgreSQL 16 creating a role alone does not make one a full one.
        if not wanted.column2
            and not pg_has_role(current_user, wanted.column1, 'usage')
        then
            execute format('grant %I to current_user', wanted.column1);
        end if;
    end loop;
end
$$;
