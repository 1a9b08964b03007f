import type { FieldGroup, Row } from './words.ts'

const everyone = {
  client: 'foundation',
  coach: 'foundation',
  coordinator: 'foundation',
  foundation_lead: 'foundation',
  admin: 'foundation',
  school: 'published',
} as const satisfies Row

const person = ['identity', 'level', 'notes'] as const satisfies readonly FieldGroup[]

/**
 * The matrix (S-12): object → action → who, and how far. A route's permit is one row, written `object:action`; a route without a row stops
 * the start, and `test/matrix` asks every route by every role in every relation whether it keeps to this. Rows of what has no route yet stand
 * here too.
 */
export const matrix = {
  // National criteria belong to nobody and are read-only to all; who runs the foundation's service brings them in.
  qualification: { read: { ...everyone, integrator: 'modules:read' }, import: { admin: 'foundation' } },
  module: {
    read: { ...everyone, integrator: 'modules:read', anonymous: 'published' },
    write: { coordinator: 'foundation' },
    publish: { coordinator: 'foundation' },
    import: { admin: 'foundation' },
  },
  'badge-class': {
    read: { ...everyone, integrator: 'modules:read', anonymous: 'published' },
    write: { coordinator: 'foundation' },
    publish: { coordinator: 'foundation' },
    import: { admin: 'foundation' },
  },

  // A person, by name. The lead knows applicants by name (row `application`).
  person: {
    read: {
      client: 'own',
      coach: 'current',
      coordinator: 'foundation',
      foundation_lead: 'foundation',
      school: 'shared',
      carries: ['identity'],
    },
  },
  client: {
    read: { coach: 'current', coordinator: 'foundation', carries: person },
    create: { coordinator: 'foundation', carries: ['identity'] },
    // the name, the mark of protected identity, two rows of one person
    write: { coordinator: 'foundation', carries: ['identity'] },
  },
  observation: {
    read: {
      client: 'own',
      coach: 'current',
      coordinator: 'foundation',
      integrator: 'observations:read',
      carries: person,
    },
    create: { coach: 'current', integrator: 'observations:write', carries: person },
    correct: { coach: 'current', carries: person },
    undo: { coach: 'own', carries: person },
  },
  'support-level': {
    read: {
      client: 'own',
      coach: 'current',
      coordinator: { reach: 'foundation', when: 'application-open' },
      foundation_lead: { reach: 'foundation', when: 'reason-given' },
      school: { reach: 'shared', when: 'turned-on' },
      carries: ['identity', 'level'],
    },
    write: { coach: 'current' },
    // A program writes what was recorded elsewhere and never reads it back.
    create: { integrator: 'observations:write' },
  },
  note: {
    read: { client: 'own', coach: 'current', coordinator: 'foundation', carries: ['notes'] },
    write: { coach: 'current' },
  },
  'self-assessment': {
    read: { client: 'own', coach: 'current', coordinator: 'foundation', carries: person },
    create: { client: 'own', carries: person },
  },
  // Photos and papers beside a record of work (S-44). They go where the record goes, never to programs.
  evidence: {
    read: { client: 'own', coach: 'current', coordinator: 'foundation', carries: ['notes'] },
    add: { client: 'own', coach: 'current' },
  },
  goal: {
    read: { client: 'own', coach: 'current', coordinator: 'foundation', carries: ['identity', 'notes'] },
    write: { client: 'own' },
    propose: { coach: 'current' },
  },
  passport: { read: { client: 'own', carries: person } },

  application: {
    create: { client: 'own' },
    // accept a proposal, or not; withdraw
    answer: { client: 'own' },
    read: {
      client: 'own',
      coach: 'current',
      coordinator: 'foundation',
      foundation_lead: 'foundation',
      integrator: 'applications:read',
      carries: person,
    },
    propose: { coach: 'current', integrator: 'applications:write', carries: ['identity'] },
    assess: { coach: 'current' },
    return: { coach: 'current' },
    decide: { coordinator: 'foundation', carries: person },
  },
  award: {
    read: {
      client: 'own',
      coach: 'current',
      coordinator: 'foundation',
      foundation_lead: 'foundation',
      school: 'shared',
      integrator: 'awards:read',
      anonymous: 'published',
    },
    // accept, decline, publish, unpublish
    answer: { client: 'own' },
    'propose-revocation': { coach: 'current' },
    revoke: { coordinator: 'foundation', carries: ['identity'] },
  },
  endorsement: { read: { school: 'own' }, create: { school: 'own' } },
  share: {
    create: { client: 'own' },
    close: { client: 'own' },
    open: { school: 'shared', anonymous: 'shared', carries: ['identity', 'level'] },
  },
  certificate: {
    create: { client: 'own', coordinator: 'foundation' },
    print: { client: 'own' },
    read: { client: 'own', coach: 'current', coordinator: 'foundation', school: 'shared', carries: ['identity'] },
    withdraw: { coordinator: 'foundation' },
    check: { anonymous: 'published' },
  },
  referral: {
    agree: { client: 'own' },
    withdraw: { client: 'own' },
    propose: { coach: 'current' },
    create: { coordinator: 'foundation' },
    read: {
      client: 'own',
      coach: 'current',
      coordinator: 'foundation',
      foundation_lead: 'foundation',
      school: 'shared',
      // no scope of today's opens it: one comes with the routes
      carries: ['identity'],
    },
  },
  demonstration: {
    agree: { client: 'own' },
    withdraw: { client: 'own' },
    propose: { coach: 'current' },
    create: { coordinator: 'foundation' },
    plan: { school: 'shared' },
    record: { school: 'shared' },
    read: {
      client: 'own',
      coach: 'current',
      coordinator: 'foundation',
      foundation_lead: 'foundation',
      school: 'shared',
      carries: ['identity'],
    },
  },
  feedback: {
    create: { client: 'own', school: 'own', anonymous: 'published' },
    sums: { coach: 'foundation', coordinator: 'foundation', foundation_lead: 'foundation' },
    answer: { coordinator: 'foundation' },
  },
  conversation: {
    read: {
      client: 'own',
      coach: { reach: 'current', when: 'party' },
      coordinator: { reach: 'foundation', when: 'party' },
      carries: ['identity', 'notes'],
    },
    write: {
      client: 'own',
      coach: { reach: 'current', when: 'party' },
      coordinator: { reach: 'foundation', when: 'party' },
    },
  },

  user: { read: { foundation_lead: 'foundation', admin: 'foundation' }, write: { admin: 'foundation' } },
  role: { read: { foundation_lead: 'foundation', admin: 'foundation' }, write: { admin: 'foundation' } },
  relation: {
    read: { coordinator: 'foundation', foundation_lead: 'foundation', admin: 'foundation', carries: ['identity'] },
    write: { coordinator: 'foundation', carries: ['identity'] },
  },
  'api-key': { read: { foundation_lead: 'foundation', admin: 'foundation' }, write: { admin: 'foundation' } },
  // The front page of administration, which shows only what else the reader may.
  administration: { read: { coordinator: 'foundation', foundation_lead: 'foundation', admin: 'foundation' } },
  'work-unit': {
    read: { coordinator: 'foundation', foundation_lead: 'foundation', admin: 'foundation' },
    write: { admin: 'foundation' },
  },
  // The public half is open to all; the private half to nobody.
  'signing-key': {
    read: { admin: 'foundation', school: 'published', anonymous: 'published' },
    rotate: { admin: 'foundation' },
    retire: { admin: 'foundation' },
  },
  // The stop switch.
  issuing: { switch: { admin: 'foundation' } },
  // A client's own entries are on `/katselut`: row `hand-out`. Names stand only before readers of the row `client`.
  audit: {
    read: {
      coach: 'own',
      coordinator: 'foundation',
      foundation_lead: 'foundation',
      admin: 'foundation',
      carries: ['identity'],
    },
  },
  // export and erasure
  rights: {
    ask: { client: 'own', carries: person },
    'carry-out': { coordinator: 'foundation', carries: ['identity', 'notes'] },
    // The copy for a client who asked for it on paper holds everything; the client sees who took it.
    'hand-over': { coordinator: 'foundation', carries: person },
  },

  // Signing in. A code or a card opens the client's own things, so whoever may see the client may hand one out.
  code: { 'hand-out': { coach: 'current', coordinator: 'foundation', carries: ['identity'] } },
  card: { 'hand-out': { coach: 'current', coordinator: 'foundation', carries: ['identity'] } },
  'hand-out': { read: { client: 'own', carries: ['identity'] } },
  account: {
    own: { coach: 'own', coordinator: 'own', foundation_lead: 'own', admin: 'own', school: 'own' },
  },
  device: { own: { coach: 'own' } },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Row>>>>

type Matrix = typeof matrix

/** One row's name, `object:action`. */
export type Permission = { [O in keyof Matrix]: `${O}:${Extract<keyof Matrix[O], string>}` }[keyof Matrix]

/** Which row says who sees a group of fields, whatever else the reader may read. */
export const groupRows = {
  identity: 'person:read',
  level: 'support-level:read',
  notes: 'note:read',
} as const satisfies Record<FieldGroup, Permission>
