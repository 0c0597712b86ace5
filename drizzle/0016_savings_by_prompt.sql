ALTER TABLE "cache_lookups" ADD COLUMN "prompt_name" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "cache_lookups" ADD COLUMN "prompt_version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "cache_lookups" ADD COLUMN "hits_without_cost" bigint;--> statement-breakpoint
ALTER TABLE "cache_lookups" DROP CONSTRAINT "cache_lookups_minute_namespace_tenant_process_pk";--> statement-breakpoint
ALTER TABLE "cache_lookups" ADD CONSTRAINT "cache_lookups_minute_namespace_tenant_process_prompt_name_prompt_version_pk" PRIMARY KEY("minute","namespace","tenant","process","prompt_name","prompt_version");