/** Who signs in, by what the foundation or the school has given. */
export const roles = ['client', 'coach', 'coordinator', 'foundation_lead', 'admin', 'school'] as const
export type Role = (typeof roles)[number]

/** What a program's key or access token may be made for (PRODUCT §7, Auth): the scopes of the matrix' integrator column. */
export const scopes = [
  'modules:read',
  'observations:read',
  'observations:write',
  'applications:read',
  'applications:write',
  'awards:read',
] as const
export type Scope = (typeof scopes)[number]

/**
 * How far a cell reaches. `own`: the person's own, or what the member of staff did. `current`: of clients with whom a relation holds today,
 * as own client or in the own group. `foundation`: all of the own organisation. `shared`: what a client shows in a live share. `published`:
 * what is out in the open. Another foundation is as anonymous.
 */
export type Reach = 'own' | 'current' | 'foundation' | 'shared' | 'published'

/**
 * What must hold besides (the notes under the table). `application-open`: the client has an application that waits for a decision; each look
 * is logged. `reason-given`: a reason was chosen first; it is logged and the client sees it. `turned-on`: the client turned it on in the
 * share. `party`: is one of those who talk.
 */
export type Condition = 'application-open' | 'reason-given' | 'turned-on' | 'party'

export type Cell = Reach | { readonly reach: Reach; readonly when: Condition }

/** What is delicate about a person: who it is, how much help the work needed, and words about the person. */
export const fieldGroups = ['identity', 'level', 'notes'] as const
export type FieldGroup = (typeof fieldGroups)[number]

/** One action on one object: who may, and how far. A role that is not named may not. */
export type Row = Readonly<Partial<Record<Role | 'anonymous', Cell>>> & {
  /** The scope that opens it to a program with client credentials, which then reaches its own foundation. */
  readonly integrator?: Scope
  /** Which groups of fields an answer may hold at all. Who of the readers sees each is in `groupRows`. */
  readonly carries?: readonly FieldGroup[]
}
