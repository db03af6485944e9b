using Faas.Cli.Connection;
using Faas.Client;

namespace Faas.Cli.Commands.Server;

/// <summary>
/// Finds out what the key may do. Theory of operation: no route says it, so each scope is tried by a call that changes nothing and runs
/// nothing: one that only reads, or one that the server refuses as malformed once it has accepted the key.
/// </summary>
internal static class KeyExamination
{
    /// <summary>Looks.</summary>
    public static async Task<Finding> LookAsync(FaasClient client, ServerAddress address, CancellationToken cancellation)
    {
        (string Scope, Func<Task> Call)[] tries =
        [
            ("read", () => client.Scripts.PageAsync(limit: 1, cancellation: cancellation)),
            ("invoke", () => client.Runs.RunAsync("/", cancellation: cancellation)),
            ("execute", () => client.Runs.RunCodeAsync("", "", cancellation: cancellation)),
            ("write", () => client.Scripts.UploadAsync(new Upload("", "", ""), cancellation)),
            ("admin", () => client.Keys.ListAsync(cancellation)),
        ];
        var allowed = new List<string>();
        foreach (var (scope, call) in tries)
        {
            try
            {
                await call();
                allowed.Add(scope);
            }
            catch (FaasException refused) when (refused.Reason == "unauthorized")
            {
                return new Finding("key", false, address.Key is null
                    ? "The server asks for a key: `faas login`, FAAS_KEY or --key-file."
                    : $"The key from {address.KeyFrom}: {refused.Message} Log in anew with `faas login`.");
            }
            catch (FaasException refused) when (refused.Reason == "forbidden")
            {
                // It lacks the scope.
            }
            catch (FaasException refused) when (refused.Problem.Status == 429)
            {
                return new Finding("key", null, $"{refused.Message} So its scopes are not known.");
            }
            catch (FaasException)
            {
                allowed.Add(scope);
            }
        }

        var scopes = string.Join(", ", allowed);
        return address.Key is null
            ? new Finding("key", true, "none, and the server asks for none")
            : new Finding("key", true, $"from {address.KeyFrom}; it may {(scopes.Length > 0 ? scopes : "nothing that commands need")}");
    }
}
