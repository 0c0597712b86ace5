ALTER TABLE "memory_recalls" ALTER COLUMN "ef_search" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "memory_partitions" ADD COLUMN "index_method" text DEFAULT 'hnsw' NOT NULL;--> statement-breakpoint
ALTER TABLE "memory_partitions" ADD COLUMN "probes" integer;--> statement-breakpoint
ALTER TABLE "memory_recalls" ADD COLUMN "probes" integer;--> statement-breakpoint
ALTER TABLE "memory_recalls" ADD COLUMN "filtered" jsonb;--> statement-breakpoint
ALTER TABLE "memory_samples" ADD COLUMN "index_method" text;--> statement-breakpoint
ALTER TABLE "memory_samples" ADD COLUMN "index_lists" integer;--> statement-breakpoint
UPDATE "memory_samples" SET "index_method" = 'hnsw' WHERE "index_name" IS NOT NULL;
