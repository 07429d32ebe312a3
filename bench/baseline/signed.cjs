// A request to STS, signed by Signature Version 4: the least of it that STS needs.
const { createHash, createHmac } = require('node:crypto');
// AWS is reached by https, so that is loaded as it must be; without --tls the emulator speaks http.
const clients = { 'http:': require('node:http'), 'https:': require('node:https') };

const hash = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

/** The text of the answer to a GET, or to a POST where there is a body. */
exports.ask = (url, headers, body) =>
  new Promise((resolve) => {
    const method = body === undefined ? 'GET' : 'POST';
    const request = clients[new URL(url).protocol].request(url, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(text));
    });
    request.end(body);
  });

exports.form = (fields) => new URLSearchParams({ Version: '2011-06-15', ...fields }).toString();

exports.field = (xml, name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)[1];

exports.signed = (endpoint, region, { id, secret, token }, body) => {
  const url = new URL(`${endpoint}/`);
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    host: url.host,
    'x-amz-date': date,
    ...(token !== undefined && { 'x-amz-security-token': token }),
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ['POST', url.pathname, '', lines.join(''), names, hash(body)].join('\n');
  const scope = [date.slice(0, 8), region, 'sts', 'aws4_request'];
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), hash(canonical)].join('\n');
  const signature = hmac(scope.reduce(hmac, `AWS4${secret}`), text).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${id}/${scope.join('/')}, SignedHeaders=${names}, Signature=${signature}`;
  return exports.ask(url, { ...headers, authorization, 'content-length': Buffer.byteLength(body) }, body);
};
