CREATE TABLE "embedding_models" (
	"name" text PRIMARY KEY NOT NULL,
	"dimensions" smallint NOT NULL,
	"endpoint" text,
	"sealed_key" text,
	"price_per_million" numeric,
	"batch_size" smallint DEFAULT 64 NOT NULL,
	"requests_per_minute" integer,
	"ms_per_item" real,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memory_re_embeddings" (
	"tenant" text PRIMARY KEY NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"from_model" text NOT NULL,
	"to_model" text NOT NULL,
	"state" text DEFAULT 'filling' NOT NULL,
	"switch_when_whole" boolean DEFAULT false NOT NULL,
	"missing" bigint,
	"embedded" bigint DEFAULT 0 NOT NULL,
	"requests" bigint DEFAULT 0 NOT NULL,
	"retries" bigint DEFAULT 0 NOT NULL,
	"tokens" bigint DEFAULT 0 NOT NULL,
	"tokens_estimated" bigint DEFAULT 0 NOT NULL,
	"price_per_million" numeric,
	"worked_ms" bigint DEFAULT 0 NOT NULL,
	"recall_before" jsonb,
	"recall_after" jsonb,
	"requested_by" text NOT NULL,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"whole_at" timestamp with time zone,
	"switched_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "memory" ALTER COLUMN "embedding" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "memory" ALTER COLUMN "embedding_model" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "memory" ADD COLUMN "second_embedding" vector;--> statement-breakpoint
ALTER TABLE "memory" ADD COLUMN "second_embedding_model" text;--> statement-breakpoint
ALTER TABLE "memory_partitions" ADD COLUMN "active_column" text DEFAULT 'embedding' NOT NULL;--> statement-breakpoint
ALTER TABLE "memory_partitions" ADD COLUMN "other_model" text;--> statement-breakpoint
ALTER TABLE "memory_partitions" ADD COLUMN "other_dimensions" smallint;--> statement-breakpoint
ALTER TABLE "memory_partitions" ADD COLUMN "other_index_type" text;--> statement-breakpoint
-- An item has a vector by one model at least. Not validated: until now each had one, and thousands of partitions would be read.
ALTER TABLE "memory" ADD CONSTRAINT "memory_has_vector" CHECK ("embedding" IS NOT NULL OR "second_embedding" IS NOT NULL) NOT VALID;--> statement-breakpoint
ALTER TABLE "memory_partitions" ADD CONSTRAINT "memory_partitions_other_check" CHECK ("active_column" IN ('embedding', 'second_embedding')
	AND ("other_model" IS NULL) = ("other_dimensions" IS NULL) AND ("other_model" IS NULL) = ("other_index_type" IS NULL)
	AND ("other_index_type" IN ('vector', 'halfvec') AND "other_model" <> "model") IS NOT FALSE);--> statement-breakpoint
ALTER TABLE "memory_re_embeddings" ADD CONSTRAINT "memory_re_embeddings_check" CHECK ("state" IN ('filling', 'whole', 'clearing')
	AND "price_per_million" >= 0 AND "tokens_estimated" <= "tokens");--> statement-breakpoint
-- Built in, computed by Engram itself: words hashed into numbers, without any meaning.
INSERT INTO "embedding_models" ("name", "dimensions", "created_by") VALUES ('engram-local-256', 256, 'Engram');
