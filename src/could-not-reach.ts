/** A server, a file or an address could not be reached: the message says which and what to do. Ends a command with 4. */
export class CouldNotReach extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CouldNotReach'
  }
}
