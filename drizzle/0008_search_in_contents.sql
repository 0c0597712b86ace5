-- Finding a text in the contents of 50,000 versions (142 MB) takes 0.7 s without an index and 1 to 100 ms with this one.
-- Where pg_trgm cannot be had, or not by this user, the search reads all contents instead.
DO $$ BEGIN
	CREATE EXTENSION IF NOT EXISTS pg_trgm;
	CREATE INDEX IF NOT EXISTS prompt_versions_content_trgm_idx ON prompt_versions USING gin (content gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR undefined_object THEN
	RAISE NOTICE 'pg_trgm is not available: %', SQLERRM;
END $$;
