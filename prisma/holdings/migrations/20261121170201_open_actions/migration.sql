CREATE TABLE "open_action" (
    "action_id" UUID NOT NULL,
    "after_account" UUID,

    CONSTRAINT "open_action_pkey" PRIMARY KEY ("action_id")
);

ALTER TABLE "open_action" ADD CONSTRAINT "open_action_action_id_fkey" FOREIGN KEY ("action_id") REFERENCES "corporate_action"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
