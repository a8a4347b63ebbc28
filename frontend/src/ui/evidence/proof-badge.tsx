import { ClockCircleOutlined, EyeOutlined, SafetyOutlined, StopOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';

const shapes = {
  proved: SafetyOutlined,
  waits: ClockCircleOutlined,
  observed: EyeOutlined,
  refuted: StopOutlined,
};

export type ProofState = keyof typeof shapes;

/** Whether an event is proved to be in the log: checked in the browser, not yet, seen only, or found wrong. */
export function ProofBadge({ state }: { state: ProofState }) {
  const { t } = useTranslation();
  const Shape = shapes[state];
  return (
    <span className={`proof proof-${state}`} data-testid="proof-badge" data-state={state}>
      <Shape aria-hidden="true" />
      {t(`proofState.${state}`)}
    </span>
  );
}
