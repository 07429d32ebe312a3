// Loaded into main and post of an action: over descriptor 4, the runner reads the hosts that they tried to reach.
const { writeSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { guardNetwork } = require('./loopback.cjs');

guardNetwork((host) => writeSync(4, `${host}\n`));
syncBuiltinESMExports();
