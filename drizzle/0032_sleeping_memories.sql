CREATE TABLE "memory_settings" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"sleep_after_days" smallint,
	"changed_at" timestamp with time zone,
	"changed_by" text
);
--> statement-breakpoint
ALTER TABLE "memory_partitions" ADD COLUMN "index_off_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "memory_partitions" ADD COLUMN "index_off_bytes" bigint;--> statement-breakpoint
ALTER TABLE "memory_partitions" ADD COLUMN "index_wanted_by" text;--> statement-breakpoint
ALTER TABLE "memory_partitions" ADD CONSTRAINT "memory_partitions_index_off_check" CHECK (("index_off_at" IS NULL) = ("index_off_bytes" IS NULL)
	AND ("index_wanted_by" IS NULL OR "index_off_at" IS NOT NULL AND "index_wanted_by" IN ('search', 'write', 'load')));--> statement-breakpoint
ALTER TABLE "memory_settings" ADD CONSTRAINT "memory_settings_one_row" CHECK ("only");--> statement-breakpoint
INSERT INTO "memory_settings" DEFAULT VALUES;
