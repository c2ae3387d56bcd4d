<?php
/**
 * As much of WHMCS as its hook file needs. One process is one page of WHMCS: it runs the hooks that standard input names,
 * as JSON [[hook, variables], ...]. The table is a file.
 *
 * usage: php whmcs.php HOOK_FILE TABLE_FILE
 */

namespace WHMCS\Database {
    class Capsule
    {
        public static function schema(): Schema
        {
            return new Schema();
        }

        public static function table(string $name): Query
        {
            return new Query($name);
        }
    }

    class Schema
    {
        public function hasTable(string $name): bool
        {
            return isset(Tables::read()[$name]);
        }

        public function create(string $name, callable $describe): void
        {
            $describe(new Columns());
            Tables::write([$name => []] + Tables::read());
        }
    }

    /** Takes every kind of column. */
    class Columns
    {
        public function __call(string $kind, array $arguments): self
        {
            return $this;
        }
    }

    class Query
    {
        private string $table;
        private array $conditions = [];
        private int $most = PHP_INT_MAX;

        public function __construct(string $table)
        {
            $this->table = $table;
        }

        public function where(string $column, $operator, $value = null): self
        {
            $this->conditions[] = func_num_args() === 2 ? [$column, '=', $operator] : [$column, $operator, $value];
            return $this;
        }

        public function orderBy(string $column): self
        {
            return $this;
        }

        public function limit(int $most): self
        {
            $this->most = $most;
            return $this;
        }

        public function get(): array
        {
            $rows = array_filter(Tables::read()[$this->table], [$this, 'fits']);
            return array_map(fn ($row) => (object) $row, array_slice(array_values($rows), 0, $this->most));
        }

        public function insert(array $row): void
        {
            $tables = Tables::read();
            $rows = $tables[$this->table];
            $rows[] = ['id' => ($rows === [] ? 0 : max(array_column($rows, 'id'))) + 1] + $row;
            Tables::write([$this->table => $rows] + $tables);
        }

        public function update(array $changes): void
        {
            $this->replace(fn ($row) => $this->fits($row) ? array_merge($row, $changes) : $row);
        }

        public function delete(): void
        {
            $this->replace(fn ($row) => $this->fits($row) ? null : $row);
        }

        private function replace(callable $change): void
        {
            $tables = Tables::read();
            $rows = array_values(array_filter(array_map($change, $tables[$this->table])));
            Tables::write([$this->table => $rows] + $tables);
        }

        private function fits(array $row): bool
        {
            foreach ($this->conditions as [$column, $operator, $value]) {
                if ($operator === '=' ? $row[$column] != $value : $row[$column] > $value) {
                    return false;
                }
            }
            return true;
        }
    }

    class Tables
    {
        public static string $file;

        public static function read(): array
        {
            return is_file(self::$file) ? json_decode(file_get_contents(self::$file), true) : [];
        }

        public static function write(array $tables): void
        {
            file_put_contents(self::$file, json_encode($tables));
        }
    }
}

namespace {
    $hooks = [];

    function add_hook(string $name, int $priority, callable $act): void
    {
        global $hooks;
        $hooks[$name][] = $act;
    }

    function logActivity(string $message): void
    {
        fwrite(STDOUT, "$message\n");
    }

    /** What the API of WHMCS would answer stands in the environment. */
    function localAPI(string $action, array $parameters): array
    {
        $answers = json_decode(getenv('LOCAL_API') ?: '{}', true);
        return $answers[$action] ?? ['result' => 'error', 'message' => 'not found'];
    }

    define('WHMCS', true);
    define('TENANTRY_URL', getenv('TENANTRY_URL'));
    define('TENANTRY_SECRET', getenv('TENANTRY_SECRET'));
    WHMCS\Database\Tables::$file = $argv[2];
    error_reporting(E_ALL);
    ini_set('display_errors', 'stderr');
    require $argv[1];
    foreach (json_decode(stream_get_contents(STDIN), true) as [$name, $variables]) {
        foreach ($hooks[$name] ?? [] as $act) {
            $act($variables);
        }
    }
}
