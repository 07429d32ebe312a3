// Jest's transform: Node's own type stripping, so that tests run the same TypeScript as `node` does.
const { stripTypeScriptTypes } = require('node:module');

module.exports = {
  process: (source, path) => ({
    code: path.endsWith('.ts') ? stripTypeScriptTypes(source, { mode: 'strip' }) : source,
  }),
};
