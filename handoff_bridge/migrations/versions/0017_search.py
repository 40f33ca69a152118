"""What agents find chats by, kept in step with the log by the database itself.

Triggers, so that no way into the log can forget it and no message costs a statement
more. Whoever alters `events`, `customers` or `handoffs` on SQLite by copying the table
(`batch_alter_table` with a dropped or changed column) has to create them again.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# Of each table: the kinds of rows that are looked at, what an entry is known by, and
# the columns that change what it says. `{row}` stands for the row.
TABLES = {
    "events": (
        "{row}.type IN ('message', 'note', 'turn')",
        ("conversation_id", "seq"),
        "data",
    ),
    "customers": ("TRUE", ("customer_id",), "name, email"),
    "handoffs": (
        "TRUE",
        ("conversation_id", "handoff_id"),
        "cards, contact_email",
    ),
}

# A mail address as it is shown: its first letter, and its domain.
_MASKED = "substr({column}, 1, 1) || ' ' || substr({column}, {at})"
SQLITE_WORDS = {
    "events": """CASE
        WHEN {row}.type = 'note'
            OR ({row}.type = 'message' AND {row}.actor_type <> 'system')
            THEN json_extract({row}.data, '$.text')
        WHEN {row}.type = 'turn' THEN
            (SELECT group_concat(value, ' ') FROM json_each({row}.data, '$.references'))
        END""",
    "customers": "coalesce({row}.name, '') || ' ' || coalesce("
    + _MASKED.format(column="{row}.email", at="instr({row}.email, '@')")
    + ", '')",
    "handoffs": """coalesce(
        (SELECT group_concat(json_extract(value, '$.id'), ' ')
            FROM json_each({row}.cards)), '') || ' ' || coalesce("""
    + _MASKED.format(column="{row}.contact_email", at="instr({row}.contact_email, '@')")
    + ", '')",
}
POSTGRES_WORDS = {
    "events": "search_text_of_event({row}.type, {row}.actor_type, {row}.data)",
    "customers": "concat_ws(' ', {row}.name, "
    + _MASKED.format(column="{row}.email", at="strpos({row}.email, '@')")
    + ")",
    "handoffs": "concat_ws(' ', search_ids_of_cards({row}.cards), "
    + _MASKED.format(
        column="{row}.contact_email", at="strpos({row}.contact_email, '@')"
    )
    + ")",
}
POSTGRES_FUNCTIONS = (
    # Letters without accents, and nothing between words that the parser would read as
    # the sign of a number, a path or an address.
    r"""CREATE FUNCTION search_vector(said text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE AS $$
        SELECT to_tsvector('simple', lower(regexp_replace(regexp_replace(
            normalize(said, NFKD), '[\u0300-\u036f]', '', 'g'),
            '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f]+',
            ' ', 'g')))
    $$""",
    # What its JSON cannot give, an old log's NUL say, is not found; it is written.
    """CREATE FUNCTION search_text_of_event(kind text, actor text, data json)
    RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
        IF kind = 'note' OR (kind = 'message' AND actor <> 'system') THEN
            RETURN data ->> 'text';
        ELSIF kind = 'turn' AND json_typeof(data -> 'references') = 'array' THEN
            RETURN (SELECT string_agg(value, ' ')
                FROM json_array_elements_text(data -> 'references'));
        END IF;
        RETURN NULL;
    EXCEPTION WHEN untranslatable_character THEN
        RETURN NULL;
    END $$""",
    """CREATE FUNCTION search_ids_of_cards(cards json)
    RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
        IF json_typeof(cards) = 'array' THEN
            RETURN (SELECT string_agg(value ->> 'id', ' ')
                FROM json_array_elements(cards));
        END IF;
        RETURN NULL;
    EXCEPTION WHEN untranslatable_character THEN
        RETURN NULL;
    END $$""",
)


def upgrade() -> None:
    """Forward."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "search_entries",
        sa.Column("entry_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("handoff_id", sa.String(length=64), nullable=True),
        sa.Column("customer_id", sa.String(length=64), nullable=True),
        sa.Column("words", sa.Text() if is_sqlite else TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_search_entries")),
    )
    op.create_index(
        "ix_search_entries_conversation_id_seq",
        "search_entries",
        ["conversation_id", "seq"],
    )
    for name in ("handoff_id", "customer_id"):
        # Few have one; what messages cost is what counts.
        has_one = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_search_entries_{name}",
            "search_entries",
            [name],
            sqlite_where=has_one,
            postgresql_where=has_one,
        )
    for statement in _on_sqlite() if is_sqlite else _on_postgres():
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Back."""
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for when in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER IF EXISTS search_{table}_{when}")
        op.execute("DROP TABLE search_index")
        op.drop_table("search_entries")
        return
    for table in TABLES:
        op.execute(f"DROP TRIGGER search_{table} ON {table}")
        op.execute(f"DROP FUNCTION search_{table}()")
    op.drop_table("search_entries")
    op.execute("DROP FUNCTION search_ids_of_cards(json)")
    op.execute("DROP FUNCTION search_text_of_event(text, text, json)")
    op.execute("DROP FUNCTION search_vector(text)")


def _on_sqlite() -> Iterator[str]:
    yield """CREATE VIRTUAL TABLE search_index USING fts5(
        words, content='search_entries', content_rowid='entry_id',
        tokenize='unicode61 remove_diacritics 2')"""
    yield """CREATE TRIGGER search_entries_insert AFTER INSERT ON search_entries BEGIN
        INSERT INTO search_index (rowid, words) VALUES (NEW.entry_id, NEW.words); END"""
    yield """CREATE TRIGGER search_entries_delete AFTER DELETE ON search_entries BEGIN
        INSERT INTO search_index (search_index, rowid, words)
        VALUES ('delete', OLD.entry_id, OLD.words); END"""
    for table, (looked_at, key, columns) in TABLES.items():
        words = f"trim({SQLITE_WORDS[table]})"
        add = _add(words, key, looked_at).format(row="NEW") + ";"
        remove = f"DELETE FROM search_entries WHERE {_same(key)};".format(row="OLD")
        for when, does in (
            ("insert", add),
            (f"update OF {columns}", remove + add),
            ("delete", remove),
        ):
            name = when.partition(" ")[0]
            yield (
                f"CREATE TRIGGER search_{table}_{name} AFTER {when} ON {table} "
                f"BEGIN {does} END"
            )
        yield _add(words, key, looked_at, table).format(row=table)


def _on_postgres() -> Iterator[str]:
    yield "CREATE INDEX ix_search_entries_words ON search_entries USING gin (words)"
    yield from POSTGRES_FUNCTIONS
    for table, (looked_at, key, columns) in TABLES.items():
        words = f"search_vector({POSTGRES_WORDS[table]})"
        add = _add(words, key, looked_at).format(row="NEW")
        same = _same(key).format(row="OLD")
        yield f"""CREATE FUNCTION search_{table}() RETURNS trigger
            LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP <> 'INSERT' THEN
                    DELETE FROM search_entries WHERE {same};
                END IF;
                IF TG_OP <> 'DELETE' THEN {add}; END IF;
                RETURN NULL;
            END $$"""
        yield (
            f"CREATE TRIGGER search_{table} AFTER INSERT OR DELETE OR "
            f"UPDATE OF {columns} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION search_{table}()"
        )
        yield _add(words, key, looked_at, table).format(row=table)


def _add(words: str, key: tuple[str, ...], looked_at: str, table: str = "") -> str:
    """Copies what a row says, if anything; all the rows of `table`, where given."""
    names = ", ".join(key)
    values = ", ".join(f"{{row}}.{name} AS {name}" for name in key)
    origin = f" FROM {table}" if table else ""
    return (
        f"INSERT INTO search_entries ({names}, words) SELECT {names}, words FROM "
        f"(SELECT {values}, {words} AS words{origin} WHERE {looked_at}) AS said "
        "WHERE words <> ''"
    )


def _same(key: tuple[str, ...]) -> str:
    return " AND ".join(f"{name} = {{row}}.{name}" for name in key)
