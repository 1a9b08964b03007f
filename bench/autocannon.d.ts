/** What we use of autocannon, which ships no types. */
declare module 'autocannon' {
  type Request = {
    method: string
    path?: string
    body?: string
    headers: Record<string, string>
    setupRequest: (request: Request) => Request
  }
  type Options = { url: string; connections: number; duration: number; requests: readonly Request[] }
  type Result = { '2xx': number; non2xx: number; errors: number }
  export default function autocannon(options: Options): Promise<Result>
}
