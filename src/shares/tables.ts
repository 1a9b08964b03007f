/** A link by which a client shows chosen badges for a while (S-16). */
export type ShareTable = {
  tenant_id: string
  id: string
  client_id: string
  token_digest: Buffer
  made_at: Date
  ends_at: Date
  closed_at: Date | null
}

export type ShareAwardTable = { tenant_id: string; client_id: string; share_id: string; award_id: string }

/** One time that the link was opened by somebody else. Nothing tells by whom: the link asks nobody. */
export type ShareOpeningTable = { tenant_id: string; client_id: string; share_id: string; at: Date; id: string }
