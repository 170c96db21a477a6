// kafkajs as a client of the matrix (see README.md).
'use strict'
const crypto = require('crypto')
const fs = require('fs')
const { AssignerProtocol, CompressionCodecs, CompressionTypes, Kafka, PartitionAssigners, logLevel } = require('kafkajs')

const LARGE = 64 * 1024
const CODECS = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP, snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4, zstd: CompressionTypes.ZSTD }

// kafkajs itself has only gzip
CompressionCodecs[CompressionTypes.Snappy] = require('kafkajs-snappy')
const lz4 = require('lz4-napi')
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: encoder => lz4.compressFrame(encoder.buffer),
  decompress: buffer => lz4.decompressFrame(buffer)
})
const zstd = new Promise(resolve => require('zstd-codec').ZstdCodec.run(codec => resolve(new codec.Streaming())))
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: async encoder => Buffer.from((await zstd).compress(encoder.buffer, 3)),
  decompress: async buffer => Buffer.from((await zstd).decompress(buffer))
})

const decode = text => text === null ? null : Buffer.from(text, 'base64')
const encode = data => data === null || data === undefined ? null : Buffer.from(data).toString('base64')

function readRecords (path) {
  return fs.readFileSync(path, 'utf8').trimEnd().split('\n').map(line => {
    const record = JSON.parse(line)
    const headers = {}
    for (const [name, data] of record.headers) {
      headers[name] = name in headers ? [].concat(headers[name], decode(data)) : decode(data)
    }
    const value = 'file' in record ? fs.readFileSync(record.file) : decode(record.value)
    return { key: decode(record.key), value, headers, partition: 0, timestamp: String(record.timestamp) }
  })
}

function printRecord (topic, message) {
  const headers = Object.entries(message.headers || {}).flatMap(([name, data]) =>
    (Array.isArray(data) ? data : [data]).map(one => [name, encode(one)]))
  const record = { topic, offset: Number(message.offset), key: encode(message.key), headers, timestamp: Number(message.timestamp) }
  if (message.value !== null && message.value.length > LARGE) {
    record.size = message.value.length
    record.sha256 = crypto.createHash('sha256').update(message.value).digest('hex')
  } else {
    record.value = encode(message.value)
  }
  fs.writeSync(1, JSON.stringify(record) + '\n')
}

async function produce (kafka, path, targets) {
  const messages = readRecords(path)
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  // one request per large record: together they would pass the largest that a topic takes
  const large = messages.some(message => message.value !== null && message.value.length > LARGE)
  for (const target of targets) {
    const [topic, codec] = target.split('=')
    for (const batch of large ? messages.map(message => [message]) : [messages]) {
      await producer.send({ topic, acks: -1, compression: CODECS[codec], messages: batch })
    }
  }
  await producer.disconnect()
}

// kafkajs consumes only as a member of a group
async function consume (kafka, topics) {
  const admin = kafka.admin()
  await admin.connect()
  const ends = new Map()
  for (const topic of topics) {
    const [{ high }] = await admin.fetchTopicOffsets(topic)
    if (Number(high) > 0) ends.set(topic, Number(high))
  }
  await admin.disconnect()
  const consumer = kafka.consumer({ groupId: 'kafkajs-' + process.pid, allowAutoTopicCreation: false })
  await consumer.connect()
  await consumer.subscribe({ topics: [...ends.keys()], fromBeginning: true })
  await new Promise((resolve, reject) => {
    consumer.on(consumer.events.CRASH, event => reject(event.payload.error))
    consumer.run({
      eachMessage: async ({ topic, message }) => {
        if (!ends.has(topic)) return
        printRecord(topic, message)
        if (Number(message.offset) + 1 >= ends.get(topic)) ends.delete(topic)
        if (ends.size === 0) resolve()
      }
    }).catch(reject)
  })
  await consumer.disconnect()
}

const tell = (name, fields) => fs.writeSync(1, JSON.stringify({ timestamp: Date.now(), name, ...fields }) + '\n')

// the assignor of kafkajs under the name that it has everywhere else
const roundRobin = config => ({
  ...PartitionAssigners.roundRobin(config),
  name: 'roundrobin',
  protocol: ({ topics }) => ({ name: 'roundrobin', metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics }) })
})

async function join (kafka, topic, groupId, sessionTimeout) {
  const consumer = kafka.consumer({ groupId, sessionTimeout, rebalanceTimeout: 4 * sessionTimeout, heartbeatInterval: 300,
    maxWaitTimeInMs: 100, partitionAssigners: [roundRobin], allowAutoTopicCreation: false })
  const toldToEnd = new Promise(resolve => process.once('SIGTERM', resolve))
  consumer.on(consumer.events.GROUP_JOIN, event => tell('partitions_assigned',
    { partitions: (event.payload.memberAssignment[topic] || []).map(partition => ({ partition })) }))
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  // commits after each batch what was told of it
  await consumer.run({
    eachMessage: async ({ partition, message }) =>
      tell('record_data', { topic, partition, offset: Number(message.offset), value: message.value.toString() })
  })
  await toldToEnd
  await consumer.disconnect()
  tell('shutdown_complete')
}

const [verb, bootstrap, ...rest] = process.argv.slice(2)
const kafka = new Kafka({ clientId: 'matrix', brokers: bootstrap.split(','), logLevel: logLevel.ERROR, retry: { retries: 8 } })
const run = {
  produce: () => produce(kafka, rest[0], rest.slice(1)),
  consume: () => consume(kafka, rest),
  join: () => join(kafka, rest[0], rest[1], Number(rest[2]))
}
run[verb]().then(() => process.exit(0), error => {
  console.error(error)
  process.exit(1)
})
