import { evaluate, type TrustPolicy } from '../formats/trust-policy.ts';
import { shortKey } from './reason.ts';
import { type Accounts, type Refusal, requestOf } from './refusal.ts';
import { show, showJson, tableCell } from './show.ts';
import { fittingStatement } from './statement.ts';
import { policyText, presentedText, title } from './with-policy.ts';

const mark = { holds: '✓', fails: '✗', unknown: '?' } as const;

/** Rows after these are counted only. */
const most = 40;

/** A refusal as the page of the run shows it, in Markdown: what matches and what does not, then the statement to paste. */
export function refusalTable(refusal: Refusal, policy: TrustPolicy | undefined, accounts: Accounts): string {
  const rows = policy === undefined ? claimRows(refusal, accounts) : checkRows(refusal, policy, accounts);
  return [...rows, '', ...pasted(refusal, accounts)].join('\n');
}

function checkRows(refusal: Refusal, policy: TrustPolicy, accounts: Accounts): readonly string[] {
  const { statement } = evaluate(policy, requestOf(refusal));
  const checks = statement?.checks ?? [];
  const left = checks.length - most;
  return [
    `| condition | policy | ${refusal.how === 'token' ? 'token' : 'caller'} | |`,
    '|---|---|---|---|',
    ...checks.slice(0, most).map((check) => {
      const key = check.element === 'Condition' ? ` ${shortKey(check, refusal)}` : '';
      const name = plain(`${title(check)}${key}`, accounts);
      return `| ${name} | ${tableCell(policyText(check, accounts))} | ${tableCell(presentedText(check, accounts))} | ${mark[check.verdict]} |`;
    }),
    ...(left > 0 ? [`| and ${left} more | | | |`] : []),
  ];
}

/** Operators and keys are words; anything else in their place is code. */
const plain = (text: string, accounts: Accounts): string =>
  /^[\w: ./-]+$/.test(text) ? show(text, accounts) : tableCell(show(text, accounts));

function claimRows(refusal: Refusal, accounts: Accounts): readonly string[] {
  const rows: readonly (readonly [string, string | undefined])[] =
    refusal.how === 'token'
      ? ['aud', 'sub', 'job_workflow_ref', 'ref', 'event_name'].map((name) => [name, refusal.claims[name]])
      : [
          ['signed by', requestSigner(refusal)],
          ['session tags', (refusal.sent.tags ?? []).map(({ key }) => key).join(', ')],
          ['source identity', refusal.sent.sourceIdentity],
        ];
  const filled = rows.flatMap(([name, value]) => (value ? [`| ${name} | ${tableCell(show(value, accounts))} |`] : []));
  return [`| ${refusal.how === 'token' ? 'claim' : 'sent'} | value |`, '|---|---|', ...filled];
}

function requestSigner(refusal: Refusal): string | undefined {
  const request = requestOf(refusal);
  return request.how === 'signature' ? request.signer?.arn : undefined;
}

function pasted(refusal: Refusal, accounts: Accounts): readonly string[] {
  const statement = fittingStatement(requestOf(refusal));
  if (statement === undefined) return [];
  // A backtick in the code would end it.
  const code = showJson(statement, accounts).replaceAll('`', '\\u0060');
  return ['A statement that lets it in:', '', '```json', code, '```', ''];
}
