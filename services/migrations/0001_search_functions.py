"""The function behind infix search in Chinese names: a text's two-character pieces."""

from django.db import migrations

CREATE = """
CREATE FUNCTION portal_bigrams(value text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT CASE
        WHEN length(value) < 2 THEN ARRAY[value]
        ELSE ARRAY(SELECT substr(value, i, 2) FROM generate_series(1, length(value) - 1) AS i)
    END
$$
"""


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION portal_bigrams(text)")]
