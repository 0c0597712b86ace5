CREATE TABLE "usage_hourly_latencies" (
	"hour" timestamp with time zone NOT NULL,
	"grain" text NOT NULL,
	"tenant" text,
	"provider" text,
	"model" text,
	"prompt_name" text,
	"prompt_version" integer,
	"measure" text NOT NULL,
	"bins" smallint[] NOT NULL,
	"counts" integer[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_hourly_statuses" (
	"hour" timestamp with time zone NOT NULL,
	"tenant" text NOT NULL,
	"status" text NOT NULL,
	"requests" bigint DEFAULT 0 NOT NULL,
	"errors" bigint DEFAULT 0 NOT NULL,
	"cache_hits" bigint DEFAULT 0 NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"cached_input_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_write_tokens" bigint DEFAULT 0 NOT NULL,
	"cost_usd" numeric(24, 12) DEFAULT '0' NOT NULL,
	"unpriced" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "usage_hourly_statuses_hour_tenant_status_pk" PRIMARY KEY("hour","tenant","status")
);
--> statement-breakpoint
CREATE TABLE "usage_stale_hours" (
	"hour" timestamp with time zone PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE INDEX "usage_hourly_latencies_hour_idx" ON "usage_hourly_latencies" USING btree ("hour","grain");--> statement-breakpoint
CREATE INDEX "usage_hourly_latencies_tenant_idx" ON "usage_hourly_latencies" USING btree ("tenant","hour");--> statement-breakpoint
-- What is there already is summed up by the worker, hour by hour.
INSERT INTO "usage_stale_hours" ("hour") SELECT DISTINCT "hour" FROM "usage_hourly";