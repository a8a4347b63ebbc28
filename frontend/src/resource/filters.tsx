import { SearchOutlined } from '@ant-design/icons';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { serverWord } from '@/language/texts';
import { useDebouncedText } from '@/ui/hooks/use-debounced-text';
import { type Address, type FilterSpec, readFilter } from './list-parameters';

interface FiltersProps {
  /** Prefix of the test ids. */
  name: string;
  address: Address;
  specs: readonly FilterSpec<never>[];
}

/** The controls that narrow a list. What is chosen is kept in the address. */
export function Filters({ name, address, specs }: FiltersProps) {
  const { t } = useTranslation();
  const links = specs.filter(({ control, key }) => control === 'link' && address.get(key));
  return (
    <search className="filters">
      {specs.map((spec) => (
        <Control key={spec.key} name={name} address={address} spec={spec} />
      ))}
      {links.length > 0 && (
        <Button
          onClick={() => address.set(Object.fromEntries(links.map(({ key }) => [key, null])))}
          data-testid={`${name}-all`}
        >
          {t('list.all')}
        </Button>
      )}
    </search>
  );
}

interface ControlProps<Spec> {
  name: string;
  address: Address;
  spec: Spec;
}

type Of<Control> = Extract<FilterSpec<never>, { control: Control }>;

function Control({ name, address, spec }: ControlProps<FilterSpec<never>>) {
  switch (spec.control) {
    case 'search':
    case 'text':
      return <TextFilter name={name} address={address} spec={spec} />;
    case 'choice':
      return <ChoiceFilter name={name} address={address} spec={spec} />;
    case 'suggestion':
      return <SuggestionFilter name={name} address={address} spec={spec} />;
    case 'link':
      return null;
  }
}

function TextFilter({ name, address, spec }: ControlProps<Of<'search' | 'text'>>) {
  const { t } = useTranslation();
  const text = useDebouncedText(address.get(spec.key), (value) => address.set({ [spec.key]: value }));
  const isSearch = spec.control === 'search';
  return (
    <Input
      prefix={isSearch ? <SearchOutlined aria-hidden="true" /> : undefined}
      className="filter"
      allowClear
      aria-label={t(spec.label)}
      placeholder={t(spec.label)}
      data-testid={`${name}-${isSearch ? 'search' : spec.key}`}
      {...text}
    />
  );
}

function ChoiceFilter({ name, address, spec }: ControlProps<Of<'choice'>>) {
  const { t } = useTranslation();
  const option = (value: string) => ({ value, label: serverWord(t, spec.words, value) });
  const groups = new Set(spec.values.map((value) => spec.groupOf?.(value)));
  return (
    <MultipleSelect
      label={t(spec.label)}
      value={readFilter<Record<string, string[]>>(address, [spec])[spec.field] ?? []}
      onChange={(values) => address.set({ [spec.key]: values })}
      options={[...groups].flatMap((group): object[] => {
        const options = spec.values.filter((value) => spec.groupOf?.(value) === group).map(option);
        return group ? [{ label: t(group), options }] : options;
      })}
      testId={`${name}-${spec.key}`}
    />
  );
}

function SuggestionFilter({ name, address, spec }: ControlProps<Of<'suggestion'>>) {
  const { t } = useTranslation();
  const [isOpened, setIsOpened] = useState(false);
  const { data, isFetching } = spec.useSuggestions(isOpened);
  const chosen = address.list(spec.key);
  return (
    <MultipleSelect
      label={t(spec.label)}
      value={chosen}
      onChange={(values) => address.set({ [spec.key]: values })}
      options={(data ?? chosen).map((value) => ({ value, label: value }))}
      isLoading={isFetching}
      onOpen={() => setIsOpened(true)}
      testId={`${name}-${spec.key}`}
    />
  );
}

interface MultipleSelectProps {
  label: string;
  value: string[];
  onChange: (values: string[]) => void;
  options: object[];
  isLoading?: boolean;
  onOpen?: () => void;
  testId: string;
}

function MultipleSelect({ label, value, onChange, options, isLoading, onOpen, testId }: MultipleSelectProps) {
  return (
    <Select
      mode="multiple"
      className="filter"
      allowClear
      maxTagCount="responsive"
      aria-label={label}
      placeholder={label}
      optionFilterProp="label"
      value={value}
      onChange={onChange}
      options={options}
      loading={isLoading}
      onOpenChange={(isOpen) => isOpen && onOpen?.()}
      data-testid={testId}
    />
  );
}
