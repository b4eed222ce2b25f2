"""Reading a list of people."""

import pytest

from services.operations.people import MAX_ROWS, PeopleRefusedError, read_people

HEADER = "id,name,email,organisation,roles\n"
ANA = "p-1,Ana Lópes,ana@example.org,org-1,reviewer;moderator\n"


class TestReadPeople:
    def test_reads_names_with_accents_and_several_roles(self) -> None:
        (person,) = read_people((HEADER + ANA).encode())
        assert person.name == "Ana Lópes"
        assert person.roles == ("reviewer", "moderator")

    def test_reads_what_a_spreadsheet_writes(self) -> None:
        content = (HEADER + ANA).replace("\n", "\r\n").encode("utf-8-sig")
        assert [person.id for person in read_people(content)] == ["p-1"]

    def test_names_the_columns_that_are_missing(self) -> None:
        with pytest.raises(PeopleRefusedError) as refused:
            read_people(b"id,name\np-1,Ana\n")
        assert refused.value.context["missing"] == ["email", "organisation", "roles"]

    def test_names_line_and_field_but_not_the_value(self) -> None:
        content = HEADER + "p-1,Ana,not-an-address,org-1,reviewer\n"
        with pytest.raises(PeopleRefusedError) as refused:
            read_people(content.encode())
        assert "line 2, email:" in str(refused.value.context["problems"])
        assert "not-an-address" not in str(refused.value.context)

    def test_refuses_an_unknown_role(self) -> None:
        with pytest.raises(PeopleRefusedError):
            read_people((HEADER + "p-1,Ana,a@example.org,org-1,king\n").encode())

    def test_refuses_a_person_who_is_a_service(self) -> None:
        """Source: architecture.md: service tokens, between services only."""
        with pytest.raises(PeopleRefusedError) as refused:
            read_people((HEADER + "p-1,Ana,a@example.org,org-1,service\n").encode())
        assert "line 2, roles:" in str(refused.value.context["problems"])

    def test_refuses_the_same_address_twice_however_it_is_spelt(self) -> None:
        """One mailbox is one person. Source: architecture.md, "Identities"."""
        again = "p-2,Ana,ANA@Example.org.,org-1,reviewer\n"
        with pytest.raises(PeopleRefusedError) as refused:
            read_people((HEADER + ANA + again).encode())
        problems = str(refused.value.context["problems"])
        assert "p-2" in problems
        assert "ANA@" not in problems

    @pytest.mark.parametrize(
        "line", ['"p-1,Ana', f"p-1,{'A' * 131_073},a@example.org,org-1,reviewer"]
    )
    def test_refuses_what_is_no_csv(self, line: str) -> None:
        with pytest.raises(PeopleRefusedError):
            read_people(f"{HEADER}{line}\n".encode())

    def test_refuses_the_same_id_twice(self) -> None:
        with pytest.raises(PeopleRefusedError) as refused:
            read_people((HEADER + ANA + ANA).encode())
        assert "p-1" in str(refused.value.context["problems"])

    def test_refuses_an_empty_list(self) -> None:
        with pytest.raises(PeopleRefusedError):
            read_people(HEADER.encode())

    def test_refuses_one_row_too_many(self) -> None:
        rows = "".join(
            f"p-{number},A,a{number}@example.org,org-1,reviewer\n"
            for number in range(MAX_ROWS + 1)
        )
        with pytest.raises(PeopleRefusedError):
            read_people((HEADER + rows).encode())
        last = rows.rindex("p-")
        assert len(read_people((HEADER + rows[:last]).encode())) == MAX_ROWS

    def test_refuses_bytes_that_are_not_text(self) -> None:
        with pytest.raises(PeopleRefusedError):
            read_people(b"\xff\xfe\x00")
