// The films on Fastify, as its documentation does it: a plugin checks the token, the answer is serialised each time.

import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import jwt from '@fastify/jwt'
import Redis from 'ioredis'

const { PEER_FILMS, PEER_SECRET, PEER_ISSUER, PEER_REDIS_URL, PEER_PORT } = process.env
const films = JSON.parse(readFileSync(PEER_FILMS, 'utf8'))
const redis = PEER_REDIS_URL ? new Redis(PEER_REDIS_URL, { enableAutoPipelining: true }) : null

const app = Fastify()
await app.register(jwt, { secret: PEER_SECRET, verify: { algorithms: ['HS256'], allowedIss: PEER_ISSUER } })

const authenticate = async (request, reply) => {
  await request.jwtVerify()
  if (redis && (await redis.exists(`revoked:${request.user.jti}`))) {
    return reply.code(401).send()
  }
}

app.get('/films/v1/', { onRequest: authenticate }, async () => films)

await app.listen({ host: '127.0.0.1', port: Number(PEER_PORT) })
