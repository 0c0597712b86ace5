CREATE TABLE "usage_daily" (
	"day" timestamp with time zone NOT NULL,
	"tenant" text NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"prompt_name" text,
	"prompt_version" integer,
	"requests" bigint DEFAULT 0 NOT NULL,
	"errors" bigint DEFAULT 0 NOT NULL,
	"cache_hits" bigint DEFAULT 0 NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"cached_input_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_write_tokens" bigint DEFAULT 0 NOT NULL,
	"cost_usd" numeric(24, 12) DEFAULT '0' NOT NULL,
	"unpriced" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_daily_users" (
	"day" timestamp with time zone NOT NULL,
	"tenant" text NOT NULL,
	"user_id" text,
	"requests" bigint DEFAULT 0 NOT NULL,
	"errors" bigint DEFAULT 0 NOT NULL,
	"cache_hits" bigint DEFAULT 0 NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"cached_input_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_write_tokens" bigint DEFAULT 0 NOT NULL,
	"cost_usd" numeric(24, 12) DEFAULT '0' NOT NULL,
	"unpriced" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_stale_days" (
	"day" timestamp with time zone PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE INDEX "usage_daily_day_idx" ON "usage_daily" USING btree ("day");--> statement-breakpoint
CREATE INDEX "usage_daily_tenant_idx" ON "usage_daily" USING btree ("tenant","day");--> statement-breakpoint
CREATE INDEX "usage_daily_users_day_idx" ON "usage_daily_users" USING btree ("day");--> statement-breakpoint
CREATE INDEX "usage_daily_users_tenant_idx" ON "usage_daily_users" USING btree ("tenant","day");--> statement-breakpoint
CREATE FUNCTION mark_stale_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- An update, so that the row stays locked: who sums the day up waits for what is changing it.
  INSERT INTO usage_stale_days (day)
  SELECT DISTINCT date_trunc('day', hour, 'UTC') FROM changed ORDER BY 1
  ON CONFLICT (day) DO UPDATE SET day = excluded.day;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER usage_hourly_marks_days_on_insert AFTER INSERT ON "usage_hourly" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_stale_days();
--> statement-breakpoint
CREATE TRIGGER usage_hourly_marks_days_on_update AFTER UPDATE ON "usage_hourly" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_stale_days();
--> statement-breakpoint
CREATE TRIGGER usage_hourly_marks_days_on_delete AFTER DELETE ON "usage_hourly" REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_stale_days();
--> statement-breakpoint
CREATE TRIGGER usage_hourly_users_marks_days_on_insert AFTER INSERT ON "usage_hourly_users" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_stale_days();
--> statement-breakpoint
CREATE TRIGGER usage_hourly_users_marks_days_on_update AFTER UPDATE ON "usage_hourly_users" REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_stale_days();
--> statement-breakpoint
CREATE TRIGGER usage_hourly_users_marks_days_on_delete AFTER DELETE ON "usage_hourly_users" REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_stale_days();
--> statement-breakpoint
INSERT INTO "usage_stale_days" ("day") SELECT DISTINCT date_trunc('day', hour, 'UTC') FROM "usage_hourly";
