// @actions/http-client loads undici for a proxy dispatcher that nothing on our paths asks for.
class ProxyAgent {
  constructor() {
    throw new Error('undici is not part of this bundle; requests go through node:http and node:https');
  }
}
module.exports = { ProxyAgent };
