/** The variables that name a proxy: in the order of configure-aws-credentials, one for every request; of each name the spelling that curl prefers first. */
export const proxyVariables = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;
