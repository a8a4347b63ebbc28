import { useTranslation } from 'react-i18next';
import { amount, type Basis, isHigh, type Resource } from './amounts';
import { Bar } from './bar';

interface UsageProps extends Basis {
  what: Resource;
  /** Undefined while it was not measured. */
  used: number | undefined;
}

/** Usage in a row: a bar against what was requested and the share, or the figure and why there is no bar. */
export function UsageCell({ what, used, request, limit }: UsageProps) {
  const { t, i18n } = useTranslation();
  const sentence = useSentence({ what, used, request, limit });
  const basis = request || limit;
  return (
    <span className="usage" title={sentence} data-testid={`usage-${what}`}>
      <span className="for-readers">{sentence}</span>
      <span aria-hidden="true">
        {used === undefined && <span className="quiet">–</span>}
        {used !== undefined && !basis && (
          <span className="usage-bare">
            {amount(what, used, i18n.language)} <span className="quiet">{t('usage.noRequest')}</span>
          </span>
        )}
        {used !== undefined && basis && (
          <>
            <Bar share={used / basis} isHigh={isHigh(used, { request, limit })} />
            <span className={isHigh(used, { request, limit }) ? 'warn-text' : undefined}>
              {new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(used / basis)}
            </span>
            {!request && <span className="quiet">{t('usage.ofLimit')}</span>}
          </>
        )}
      </span>
    </span>
  );
}

/** Usage with room for all of it: a bar up to the limit, with a line at what was requested, and the sentence. */
export function UsageLine({ what, used, request, limit }: UsageProps) {
  const sentence = useSentence({ what, used, request, limit });
  const whole = limit || request;
  return (
    <div className="usage-line" data-testid={`usage-${what}`}>
      {used !== undefined && whole && (
        <Bar
          share={used / whole}
          mark={request && limit && request < limit ? request / limit : undefined}
          isHigh={isHigh(used, { request, limit })}
        />
      )}
      <div>{sentence}</div>
    </div>
  );
}

function useSentence({ what, used, request, limit }: UsageProps): string {
  const { t, i18n } = useTranslation();
  const of = (value: number) => amount(what, value, i18n.language);
  return [
    used === undefined ? t('usage.notMeasured') : t('usage.uses', { used: of(used) }),
    request ? t('usage.requested', { request: of(request) }) : t('usage.noRequestSet'),
    ...(limit === undefined ? [] : [limit ? t('usage.limit', { limit: of(limit) }) : t('usage.noLimitSet')]),
  ].join(t('mark.comma'));
}
