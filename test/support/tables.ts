/** Tables of no tenant (S-10). */
export const globalTables = [
  'qualification',
  'unit',
  'requirement',
  'sign_in_failure',
  'sign_in_backoff',
  'setup_link',
  'rate_limit',
]

/** Tables that carry a tenant's code but are asked before the tenant is known (S-10, `globalTables`): keyed digests only. */
export const globalWithTenant = ['sign_in_name', 'sign_in_code', 'sign_in_subject']

/** Policies besides the tenant's own, all for reading only. */
export const readable = ['organisation public_facts', 'module_version published', 'badge_class_version published']

/** Where another tenant finds rows at all. */
export const openTables = [...globalWithTenant, ...readable.map((one) => one.split(' ')[0] ?? '')]
