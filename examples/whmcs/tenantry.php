<?php
/**
 * Sends what happens to services and clients of WHMCS to `tenantry gateway`. Copy this file to includes/hooks/ of WHMCS,
 * and add two lines to configuration.php:
 *
 *   define('TENANTRY_URL', 'https://hooks.example.com/v1/events/panel');
 *   define('TENANTRY_SECRET', 'whsec_...');
 *
 * It only picks fields by name, because the variables of a hook hold passwords; what they mean is decided by the gateway.
 * Each message waits in the table mod_tenantry_outbox until the gateway has taken it. So a page never waits for the
 * gateway, and nothing is lost while that is away. Messages are signed as Standard Webhooks; a repeated one keeps its id.
 *
 * @see https://developers.whmcs.com/hooks/getting-started/
 * @see https://www.standardwebhooks.com/
 */

use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    die('This file cannot be called directly');
}

const TENANTRY_OUTBOX = 'mod_tenantry_outbox';
/** A page or the cron job sends at most so many, each within this many seconds. */
const TENANTRY_BATCH = 50;
const TENANTRY_TIMEOUT_S = 3;
/** The longest pause between two tries, and how long a message is kept, in seconds. */
const TENANTRY_LONGEST_PAUSE_S = 3600;
const TENANTRY_KEPT_S = 14 * 86400;

const TENANTRY_SERVICE_PARAMS = ['serviceid', 'userid', 'pid', 'producttype', 'moduletype', 'domain', 'suspendreason'];
const TENANTRY_CLIENT_FIELDS = [
    'userid', 'uuid', 'firstname', 'lastname', 'companyname', 'email', 'country', 'phonenumber', 'language', 'status',
];
const TENANTRY_CANCELLATION_FIELDS = ['userid', 'relid', 'reason', 'type'];

/** The fields of these names that are there. */
function tenantry_pick(array $from, array $names): array
{
    return array_intersect_key($from, array_flip($names));
}

/** What WHMCS says of a service now: its status and its quantity are in no variable of a hook. */
function tenantry_service(int $id): array
{
    $found = localAPI('GetClientsProducts', ['serviceid' => $id, 'stats' => false]);
    $service = $found['products']['product'][0] ?? [];
    $options = [];
    foreach ($service['configoptions']['configoption'] ?? [] as $option) {
        $options[$option['option']] = $option['value'];
    }
    $fields = [];
    foreach ($service['customfields']['customfield'] ?? [] as $field) {
        $fields[$field['name']] = $field['value'];
    }
    $names = ['pid', 'domain', 'status', 'qty', 'billingcycle', 'nextduedate'];
    return tenantry_pick($service, $names) + [
        'serviceid' => $id,
        'userid' => $service['clientid'] ?? null,
        'configoptions' => (object) $options,
        'customfields' => (object) $fields,
    ];
}

/** The client of a service, where the hook does not give one. */
function tenantry_client($id): array
{
    $found = localAPI('GetClientsDetails', ['clientid' => $id, 'stats' => false]);
    return tenantry_pick(($found['client'] ?? []) + ['userid' => $id], TENANTRY_CLIENT_FIELDS);
}

/** Puts a message into the outbox. Its id and its time stay the same, however often it is sent. */
function tenantry_put(string $hook, array $data): void
{
    $now = new DateTimeImmutable('now', new DateTimeZone('UTC'));
    $body = [
        'type' => "whmcs.$hook",
        'timestamp' => $now->format('Y-m-d\TH:i:s.v\Z'),
        'data' => ['hook' => $hook] + $data,
    ];
    tenantry_prepare();
    Capsule::table(TENANTRY_OUTBOX)->insert([
        'message_id' => 'whmcs_' . bin2hex(random_bytes(16)),
        'body' => json_encode($body, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE),
        'tries' => 0,
        'created_at' => $now->getTimestamp(),
        'next_at' => $now->getTimestamp(),
    ]);
    // after the page
    static $planned = false;
    if (!$planned) {
        register_shutdown_function('tenantry_guarded', 'tenantry_send');
        $planned = true;
    }
}

function tenantry_prepare(): void
{
    if (Capsule::schema()->hasTable(TENANTRY_OUTBOX)) {
        return;
    }
    Capsule::schema()->create(TENANTRY_OUTBOX, function ($table) {
        $table->increments('id');
        $table->string('message_id', 64);
        $table->mediumText('body');
        $table->integer('tries');
        $table->integer('created_at');
        $table->integer('next_at');
    });
}

/** Sends what is due. What is not taken is sent again, at growing intervals. */
function tenantry_send(): void
{
    tenantry_prepare();
    $due = Capsule::table(TENANTRY_OUTBOX)->where('next_at', '<=', time())->orderBy('id')->limit(TENANTRY_BATCH)->get();
    foreach ($due as $message) {
        $status = tenantry_post($message->message_id, $message->body);
        $row = Capsule::table(TENANTRY_OUTBOX)->where('id', $message->id);
        if ($status >= 200 && $status < 300) {
            $row->delete();
            continue;
        }
        $isOld = time() - $message->created_at > TENANTRY_KEPT_S;
        logActivity("Tenantry: the gateway answers $status to {$message->message_id}" . ($isOld ? ', given up' : ''));
        if ($isOld) {
            $row->delete();
        } else {
            $pause = min(TENANTRY_LONGEST_PAUSE_S, 30 * 2 ** min($message->tries, 10));
            $row->update(['tries' => $message->tries + 1, 'next_at' => time() + $pause]);
        }
        // only a refusal of this one message says nothing about the others
        if (!in_array($status, [400, 413, 422], true)) {
            return;
        }
    }
}

/** The status of the answer; 0 without one. */
function tenantry_post(string $id, string $body): int
{
    $time = (string) time();
    $key = base64_decode(substr(TENANTRY_SECRET, strlen('whsec_')), true);
    $signature = base64_encode(hash_hmac('sha256', "$id.$time.$body", $key, true));
    $call = curl_init(TENANTRY_URL);
    curl_setopt_array($call, [
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => [
            'Content-Type: application/json',
            'Expect:',
            "webhook-id: $id",
            "webhook-timestamp: $time",
            "webhook-signature: v1,$signature",
        ],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_FOLLOWLOCATION => false,
        CURLOPT_TIMEOUT => TENANTRY_TIMEOUT_S,
    ]);
    curl_exec($call);
    return (int) curl_getinfo($call, CURLINFO_RESPONSE_CODE);
}

/** A mistake here must never break a page or the cron job of WHMCS. */
function tenantry_guarded(callable $act, ...$arguments): void
{
    try {
        $act(...$arguments);
    } catch (Throwable $error) {
        logActivity('Tenantry: ' . get_class($error) . ' in ' . basename($error->getFile()) . ':' . $error->getLine());
    }
}

function tenantry_hook(string $name, callable $pick): void
{
    add_hook($name, 1, function ($vars) use ($name, $pick) {
        tenantry_guarded(function () use ($name, $pick, $vars) {
            tenantry_put($name, $pick($vars));
        });
    });
}

(function () {
    $moduleHooks = ['Create', 'ChangePackage', 'Suspend', 'Unsuspend', 'Terminate'];
    foreach ($moduleHooks as $name) {
        tenantry_hook("AfterModule$name", function (array $vars): array {
            $params = $vars['params'];
            $client = ['userid' => $params['userid']] + (array) ($params['clientsdetails'] ?? []);
            return [
                'service' => tenantry_pick($params, TENANTRY_SERVICE_PARAMS) + tenantry_service((int) $params['serviceid']),
                'client' => tenantry_pick($client, TENANTRY_CLIENT_FIELDS),
            ];
        });
    }
    // also what a person changes by hand
    tenantry_hook('ServiceEdit', function (array $vars): array {
        return ['service' => tenantry_service((int) $vars['serviceid']), 'client' => tenantry_client($vars['userid'])];
    });
    tenantry_hook('ClientEdit', function (array $vars): array {
        return ['client' => tenantry_pick($vars, TENANTRY_CLIENT_FIELDS)];
    });
    tenantry_hook('CancellationRequest', function (array $vars): array {
        return ['cancellation' => tenantry_pick($vars, TENANTRY_CANCELLATION_FIELDS)];
    });
    add_hook('AfterCronJob', 1, function () {
        tenantry_guarded('tenantry_send');
    });
})();
