import { createServer } from 'node:http'
import { Redis } from 'ioredis'

/** What a prompt read is divided by: bare node:http with one ioredis GET, nothing else. */
const { BARE_PORT = '', BARE_KEY = '', REDIS_URL = '' } = process.env
const redis = new Redis(REDIS_URL)

createServer(async (_request, response) => {
  const value = await redis.get(BARE_KEY)
  response.writeHead(200, { 'content-type': 'application/json' }).end(value)
}).listen(Number(BARE_PORT), '127.0.0.1')
