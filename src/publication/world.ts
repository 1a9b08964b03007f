import { asTenant } from '../db/connect.ts'
import { publicAddresses } from '../credentials/addresses.ts'
import { findDocument, type PublicationDeps } from './documents.ts'
import { listAddressed } from './store.ts'
import type { World } from './world-file.ts'

export { lookInWorld, World } from './world-file.ts'

/**
 * Every public document an outside verifier would fetch for badges of these tenants: issuers, keys, badge classes that were awarded with
 * their pictures, status and revocation lists, the host's key set, and the badges that their clients made public. Made by the same function
 * that answers strangers, so a world cannot say anything that the service would not.
 */
export async function collectWorld(deps: PublicationDeps, tenants: readonly string[]): Promise<World> {
  const origin = deps.config.publicOrigin
  const world: World = {}
  for (const address of await listAddresses(deps, origin, tenants)) {
    const document = await findDocument(deps, address.slice(origin.length))
    if (!document) continue
    const { status, contentType, body } = document
    world[address] = contentType.startsWith('image/png')
      ? { status, contentType, body: body.toString('base64'), encoding: 'base64' }
      : { status, contentType, body: body.toString('utf8') }
  }
  return world
}

async function listAddresses(
  deps: PublicationDeps,
  origin: string,
  tenants: readonly string[],
): Promise<readonly string[]> {
  const addresses: string[] = [publicAddresses.wellKnownJwks(origin)]
  for (const tenant of tenants) {
    const named = await asTenant(deps.db, tenant, async (trx) => await listAddressed(trx, tenant))
    addresses.push(
      publicAddresses.issuer(origin, tenant),
      publicAddresses.issuerOb2(origin, tenant),
      publicAddresses.issuerJwks(origin, tenant),
      publicAddresses.issuerDid(origin, tenant),
      publicAddresses.revoked(origin, tenant),
      publicAddresses.revokedOb2(origin, tenant),
      ...named.kids.flatMap((kid) => [
        publicAddresses.key(origin, tenant, kid),
        publicAddresses.keyOb2(origin, tenant, kid),
      ]),
      ...named.lists.map((list) => publicAddresses.statusList(origin, tenant, list)),
      ...named.badgeClasses.flatMap(({ slug, version, language }) => [
        publicAddresses.achievement(origin, tenant, slug, version, language),
        publicAddresses.badgeClassOb2(origin, tenant, slug, version, language),
        publicAddresses.badgePicture(origin, tenant, slug, version, language, 'png'),
        publicAddresses.badgePicture(origin, tenant, slug, version, language, 'svg'),
      ]),
      // Who reads an endorsed badge asks for its endorser too.
      ...named.endorsements.flatMap(({ school, id }) => [
        publicAddresses.issuer(origin, school),
        publicAddresses.endorsement(origin, school, id),
      ]),
      ...named.publicAwards.flatMap((publicId) => {
        const page = publicAddresses.award(origin, publicId)
        return [page, ...['.jwt', '.json', '.png', '.svg'].map((form) => `${page}${form}`), `${page}/ob2`]
      }),
    )
  }
  return addresses
}
