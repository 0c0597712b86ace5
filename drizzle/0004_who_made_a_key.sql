ALTER TABLE "prompt_approvals" ADD COLUMN "requested_by_person" text NOT NULL;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "created_by_id" text;--> statement-breakpoint
UPDATE "api_keys" SET "created_by_id" = coalesce((SELECT "actor_id" FROM "audit" WHERE "action" = 'keys.create' AND "target" = "api_keys"."id"::text LIMIT 1), "created_by");--> statement-breakpoint
ALTER TABLE "api_keys" ALTER COLUMN "created_by_id" SET NOT NULL;
