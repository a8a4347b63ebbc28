import { Modal, Radio } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useTimes } from '@/ui/feedback/times';
import { useOpener } from '@/ui/hooks/use-opener';
import { type Choice, choices, type Preferences } from '@/ui/preferences/choices';
import { usePrefer, usePreference } from '@/ui/preferences/preferences-slice';

const names = Object.keys(choices) as Choice[];

/** What a person chooses for all pages. Each choice holds at once. */
export function PreferencesPanel({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const times = useTimes();
  const leave = useOpener(close);
  const now = Date.now();
  return (
    <Modal open title={t('preferences.title')} onCancel={leave} footer={null}>
      <div className="stack preferences" data-testid="preferences-panel">
        {names.map((name) => (
          <ChoiceOf key={name} name={name} />
        ))}
        <p className="quiet">
          {t('preferences.example', { when: times.when(now - 300_000, now), exact: times.exact(now) })}
        </p>
        <p className="quiet">{t('preferences.kept')}</p>
      </div>
    </Modal>
  );
}

function ChoiceOf({ name }: { name: Choice }) {
  const { t } = useTranslation();
  const id = useId();
  const chosen = usePreference(name);
  const prefer = usePrefer();
  return (
    <div className="field">
      <span id={id} className="preference-name">
        {t(`preferences.${name}.label`)}
      </span>
      <Radio.Group
        aria-labelledby={id}
        value={chosen}
        onChange={({ target }) => prefer({ [name]: target.value } as Partial<Preferences>)}
        options={choices[name].map((value) => ({
          value,
          label: (
            <span lang={name === 'language' && value !== 'system' ? value : undefined}>
              {t(`preferences.${name}.${value}` as 'preferences.theme.system')}
            </span>
          ),
        }))}
      />
    </div>
  );
}
