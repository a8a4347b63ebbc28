import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import type { GraphqlError } from '@/graphql/error';
import { errorWords } from './error-words';

interface FailureProps {
  error: GraphqlError;
  /** What is missing, with why. */
  text: (why: string) => string;
  className?: string;
  'data-testid': string;
}

/** That a stream fails, beside what it brought before. It is requested again by itself. */
export function Failure({ error, text, ...rest }: FailureProps) {
  const { t } = useTranslation();
  const { what, detail } = errorWords(t, error);
  return (
    <Alert
      type="warning"
      showIcon
      title={text(what)}
      description={detail && <code>{detail}</code>}
      {...rest}
    />
  );
}
