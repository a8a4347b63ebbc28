import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  PauseCircleOutlined,
  QuestionCircleOutlined,
  WarningOutlined,
} from '@ant-design/icons';

/** Trouble and what moves is filled, what is healthy is plain, and what is not known has a dashed edge. */
const shapes = {
  bad: CloseCircleOutlined,
  warn: WarningOutlined,
  busy: ClockCircleOutlined,
  idle: PauseCircleOutlined,
  good: CheckCircleOutlined,
  done: CheckCircleOutlined,
  unknown: QuestionCircleOutlined,
};

export type Tone = keyof typeof shapes;

interface StateTagProps {
  tone: Tone;
  state: string;
  text: string;
  'data-testid': string;
}

/** A state as a word with a shape and a colour. */
export function StateTag({ tone, state, text, ...rest }: StateTagProps) {
  const Shape = shapes[tone];
  return (
    <span className={`state state-${tone}`} data-state={state} {...rest}>
      <Shape aria-hidden="true" />
      {text}
    </span>
  );
}
