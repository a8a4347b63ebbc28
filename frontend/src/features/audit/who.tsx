import { EyeOutlined, RobotOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { AuditRowFragment } from '@/graphql/generated/graphql';
import { serverWord } from '@/language/texts';
import { useAddress } from '@/ui/hooks/use-address';

/** The address holds whose events are shown under this key. */
export const PERSON = 'person';

/** The person who did it, whose other events are one press away, or the part of Binnacle. */
export function Who({
  event: { actor, component },
}: {
  event: Pick<AuditRowFragment, 'actor' | 'component'>;
}) {
  const { t } = useTranslation();
  const address = useAddress();
  if (!actor) {
    const Icon = component === 'watcher' ? EyeOutlined : RobotOutlined;
    return (
      <span className="audit-who quiet">
        <span className="initials">
          <Icon aria-hidden="true" />
        </span>
        {serverWord(t, 'component', component ?? 'system')}
      </span>
    );
  }
  const { id, displayName } = actor;
  return (
    <span className="audit-who">
      <span className="initials" aria-hidden="true">
        {initialsOf(displayName)}
      </span>
      <button
        type="button"
        className="audit-person"
        title={t('audit.onlyPerson', { name: displayName })}
        onClick={() => address.set({ [PERSON]: id })}
      >
        {displayName}
      </button>
    </span>
  );
}

/** The first letters of the first and the last word. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0]);
  return letters.join('').toUpperCase();
}
