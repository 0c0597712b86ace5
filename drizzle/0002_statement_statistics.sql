-- The console tells its own share of Postgres' time from pg_stat_statements. Where the extension cannot be had, or not by
-- this user, the console says so instead.
DO $$ BEGIN
	CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file THEN
	RAISE NOTICE 'pg_stat_statements is not available: %', SQLERRM;
END $$;
