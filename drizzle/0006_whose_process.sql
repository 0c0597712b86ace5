ALTER TABLE "processes" ALTER COLUMN "redis_ms_per_second" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "processes" ALTER COLUMN "postgres_ms_per_second" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "processes" ADD COLUMN "key_id" uuid;