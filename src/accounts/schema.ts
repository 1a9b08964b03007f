import { z } from 'zod'

export const StaffSignIn = z.strictObject({ name: z.string().min(1).max(200), password: z.string().min(1).max(200) })
export const CodeSignIn = z.strictObject({ code: z.string().min(1).max(40) })
export const Token = z.object({ token: z.string(), expiresIn: z.int() })
export const HandedOutCode = z.object({ code: z.string(), expiresAt: z.string() })
export const ClientRef = z.strictObject({ id: z.uuid() })
