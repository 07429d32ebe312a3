// No name is looked up but localhost, and no address is reached but this machine's own. In JavaScript, for it is loaded into
// each process of an emulated job, where stripping types would take longer than the step.
const dns = require('node:dns');
const net = require('node:net');

const loopback = new net.BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

const isOwnName = (name) => name === '' || net.isIP(name) !== 0 || /^(.+\.)?localhost\.?$/i.test(name);
const isForeignAddress = (host) => net.isIP(host) !== 0 && !loopback.check(host, `ipv${net.isIP(host)}`);

const failure = (code, syscall, host) =>
  Object.assign(new Error(`${syscall} ${code} ${host} (only loopback is reached here)`), {
    code,
    syscall,
    hostname: host,
  });

/** The host that `socket.connect(…)` is given: Node's own callers hand over an array, the options first. */
function hostOf([first, second]) {
  const options = Array.isArray(first) ? first[0] : first;
  if (typeof options === 'object' && options !== null) return options.path === undefined ? (options.host ?? '') : '';
  return typeof second === 'string' ? second : '';
}

function replace(holder, name, apply) {
  const original = holder[name];
  holder[name] = new Proxy(original, { apply });
  return () => {
    holder[name] = original;
  };
}

exports.guardNetwork = (report) => {
  const refuseName = (name) => {
    report(name);
    return failure('ENOTFOUND', 'getaddrinfo', name);
  };
  const undo = [
    replace(dns, 'lookup', (lookup, self, parameters) => {
      const name = String(parameters[0] ?? '');
      if (isOwnName(name)) return Reflect.apply(lookup, self, parameters);
      process.nextTick(parameters.at(-1), refuseName(name));
      return {};
    }),
    replace(dns.promises, 'lookup', async (lookup, self, parameters) => {
      const name = String(parameters[0] ?? '');
      if (!isOwnName(name)) throw refuseName(name);
      return Reflect.apply(lookup, self, parameters);
    }),
    replace(net.Socket.prototype, 'connect', (connect, socket, parameters) => {
      const host = hostOf(parameters);
      if (!isForeignAddress(host)) return Reflect.apply(connect, socket, parameters);
      report(host);
      socket.connecting = true;
      process.nextTick(() => socket.destroy(failure('ENETUNREACH', 'connect', host)));
      return socket;
    }),
  ];
  return () => {
    for (const restore of undo) restore();
  };
};
