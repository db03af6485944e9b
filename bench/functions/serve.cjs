// Google's functions-framework with one function, as its own command line serves it, but on loopback and a free port.
const functions = require('@google-cloud/functions-framework')
const { getTestServer } = require('@google-cloud/functions-framework/testing')

functions.http('hello', (request, response) => response.json({ hello: request.body.name }))

const server = getTestServer('hello')
server.keepAliveTimeout = 0 // its 5 s may be shorter than the turns of the other ways
server.listen(0, '127.0.0.1', () => console.log(`functions-framework listens on http://127.0.0.1:${server.address().port}`))
