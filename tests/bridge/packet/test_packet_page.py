"""The packet's page in docs says what the schema says."""

from packet_page import PAGE, page


def test_the_page_is_written_from_the_schema_as_it_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run packet_page.py"
