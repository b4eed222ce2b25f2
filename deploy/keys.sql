-- The role by which services reach the key store; run at every start, as the owner.
--
-- It may create its tables and nothing else: whoever takes a service over does not get
-- the server on which the keys lie.

\getenv password KEYSTORE_PASSWORD

select 'create role keystore login nosuperuser nocreatedb nocreaterole noreplication'
where not exists (select from pg_roles where rolname = 'keystore') \gexec

alter role keystore password :'password';
revoke all on database keys from public;
grant connect, create on database keys to keystore;
revoke create on schema public from public;
