import type { FastifyReply } from 'fastify'
import { noteDownloaded } from '../awards/downloaded.ts'
import { getSignedBytes } from '../awards/list.ts'
import { bakedPng, bakedSvg } from '../badges/picture.ts'
import type { Db } from '../db/database.ts'
import type { ClientActor } from '../http/actor.ts'
import { sandbox } from '../http/security.ts'
import { Refusal } from '../refusal.ts'
import type { BadgeFile } from '../web/paths.ts'

/** A badge as a file: the exact bytes that were signed, alone or inside the picture. */
export type DownloadedBadge = {
  readonly body: Buffer
  readonly contentType: string
  /** Says which badge it is and nothing of whose it is (PRODUCT, Principles 2; DOMAIN §9.3). */
  readonly fileName: string
}

/**
 * One of the client's own taken badges in the wanted format (PRODUCT A5). Nothing is signed here. Refuses `not-found` for what is not the
 * client's own or not taken, and `busy` while the embedded proof is not there yet.
 */
export async function getBadgeFile(db: Db, actor: ClientActor, id: string, file: BadgeFile): Promise<DownloadedBadge> {
  const { ob2Jws, ob3Jwt, ob3Json, png, svg, slug, downloadAgainSince } = await getSignedBytes(db, actor, id)
  if (downloadAgainSince) await noteDownloaded(db, actor, { id, ob3Jwt })
  const name = `osaamismerkki-${slug}`
  switch (file) {
    case 'png':
      if (!png) throw new Refusal('not-found', 'This badge has no picture')
      return { body: bakedPng(png, { ob2Jws, ob3Jwt }), contentType: 'image/png', fileName: `${name}.png` }
    case 'svg':
      if (svg === null) throw new Refusal('not-found', 'This badge has no picture')
      return { body: bakedSvg(svg, { ob2Jws, ob3Jwt }), contentType: 'image/svg+xml', fileName: `${name}.svg` }
    case 'jwt':
      return { body: Buffer.from(ob3Jwt), contentType: 'application/vc+jwt', fileName: `${name}-ob3.jwt` }
    case 'json':
      if (ob3Json === null)
        throw new Refusal('busy', 'This file is ready in a moment', { retryAfter: 5, code: 'coming' })
      return { body: Buffer.from(ob3Json), contentType: 'application/vc+ld+json', fileName: `${name}-ob3.json` }
    case 'jws':
      return { body: Buffer.from(ob2Jws), contentType: 'application/jose', fileName: `${name}-ob2.jws` }
  }
}

/** Sends a file as a download that stays out of every cache: one way for the page and for the API. */
export async function sendBadgeFile(reply: FastifyReply, file: DownloadedBadge): Promise<FastifyReply> {
  return await reply
    .header('content-type', file.contentType)
    .header('content-disposition', `attachment; filename="${file.fileName}"`)
    .header('content-security-policy', sandbox)
    .header('cache-control', 'no-store')
    .send(file.body)
}
