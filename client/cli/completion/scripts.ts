import { FILE, type CompletedCommand } from './words.js';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The script that makes a shell complete the words of `tenantry`. */
export function completionScript(shell: Shell, commands: readonly CompletedCommand[]): string {
  switch (shell) {
    case 'bash':
      return `${sharedFunctions(commands)}${BASH}`;
    case 'zsh':
      return `#compdef tenantry\n${sharedFunctions(commands)}${ZSH}`;
    case 'fish':
      return fishScript(commands);
  }
}

/** In the part of the language that bash and zsh share. `PATH OPTION` gives values, `PATH` words. */
function sharedFunctions(commands: readonly CompletedCommand[]): string {
  const cases = entries(commands).map(([key, words]) => `    '${key}') echo '${words.join(' ')}' ;;\n`);
  return `_tenantry_words() {\n  case "$1" in\n${cases.join('')}    *) return 1 ;;\n  esac\n}\n`;
}

function entries(commands: readonly CompletedCommand[]): [key: string, words: readonly string[]][] {
  return commands.flatMap(({ path, words, values }) => [
    [path, words] as [string, string[]],
    ...values.map((one): [string, string[]] => [`${path} ${one.option}`.trim(), one.words]),
  ]);
}

const WALK = `  while [ $# -gt 0 ]; do
    if _tenantry_words "\${found:+$found }$1" > /dev/null; then
      case "$1" in
        -*) ;;
        *) found="\${found:+$found }$1" ;;
      esac
    fi
    shift
  done
`;

const BASH = `_tenantry_command() {
  local found=
${WALK}  echo "$found"
}
_tenantry() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} found words
  found=$(_tenantry_command "\${COMP_WORDS[@]:1:COMP_CWORD-1}")
  case "$previous" in
    -*) words=$(_tenantry_words "\${found:+$found }$previous") || words=$(_tenantry_words "$found") ;;
    *) words=$(_tenantry_words "$found") ;;
  esac
  case "$words" in
    *'${FILE}'*) compopt -o default 2> /dev/null; words=\${words//'${FILE}'/} ;;
  esac
  case "$current" in
    -*) ;;
    *) words=$(printf '%s\\n' $words | grep -v '^-') ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _tenantry tenantry
`;

const ZSH = `_tenantry_command() {
  local found=
${WALK}  echo "$found"
}
_tenantry() {
  local current=$words[CURRENT] previous=$words[CURRENT-1] found offered
  found=$(_tenantry_command "\${(@)words[2,CURRENT-1]}")
  case "$previous" in
    -*) offered=$(_tenantry_words "\${found:+$found }$previous") || offered=$(_tenantry_words "$found") ;;
    *) offered=$(_tenantry_words "$found") ;;
  esac
  case "$offered" in
    *'${FILE}'*) _files; offered=\${offered//'${FILE}'/} ;;
  esac
  case "$current" in
    -*) compadd -- \${=offered} ;;
    *) compadd -- \${\${=offered}:#-*} ;;
  esac
}
if [ "$funcstack[1]" = _tenantry ]; then _tenantry "$@"; else compdef _tenantry tenantry; fi
`;

function fishScript(commands: readonly CompletedCommand[]): string {
  const cases = entries(commands).map(
    ([key, words]) =>
      `        case '${key}'\n            ${words.length === 0 ? 'true' : `printf '%s\\n' ${words.map((word) => `'${word}'`).join(' ')}`}\n`,
  );
  return `function __tenantry_words
    switch "$argv[1]"
${cases.join('')}        case '*'
            return 1
    end
end
${FISH}`;
}

const FISH = `function __tenantry_offer
    set -l typed (commandline -opc)[2..-1]
    set -l found ''
    for word in $typed
        string match -q -- '-*' $word; and continue
        set -l longer (string trim -- "$found $word")
        __tenantry_words $longer > /dev/null; and set found $longer
    end
    set -l offered
    if string match -q -- '-*' "$typed[-1]"; and __tenantry_words (string trim -- "$found $typed[-1]") > /dev/null
        set offered (__tenantry_words (string trim -- "$found $typed[-1]"))
    else
        set offered (__tenantry_words "$found")
    end
    for word in $offered
        if test $word = '${FILE}'
            __fish_complete_path (commandline -ct)
        else
            echo $word
        end
    end
end
complete -c tenantry -f -a '(__tenantry_offer)'
`;
