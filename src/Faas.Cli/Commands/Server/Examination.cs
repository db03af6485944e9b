using Faas.Cli.Connection;
using Faas.Cli.Output;

namespace Faas.Cli.Commands.Server;

/// <summary>
/// Looks at the configuration, the way to the server, the server, and the key. A look that needs an earlier one that failed is left out.
/// </summary>
internal sealed class Examination(Call call)
{
    private static readonly TimeSpan s_mostSkew = TimeSpan.FromSeconds(5);
    private readonly List<Finding> _findings = [];

    /// <summary>Looks.</summary>
    public async Task<IReadOnlyList<Finding>> LookAsync()
    {
        if (!TryConfiguration() || !TryAddress())
        {
            return _findings;
        }

        try
        {
            _findings.Add(new Finding("reachable", true, $"version {await call.Client.Server.GetVersionAsync(call.Cancellation)}"));
        }
        catch (Exception failed) when (Failure.Of(failed, call.Server) is { } failure && failed is not OperationCanceledException)
        {
            _findings.Add(new Finding("reachable", false, failure.Line));
            return _findings;
        }

        await LookAtReadinessAsync();
        _findings.Add(await KeyExamination.LookAsync(call.Client, call.Address, call.Cancellation));
        return _findings;
    }

    private bool TryConfiguration()
    {
        var file = ConfigFile.Location;
        try
        {
            var config = ConfigFile.Read(file);
            _findings.Add(new Finding("configuration", true, File.Exists(file)
                ? $"{file}, mode 0600, with {config.Keys.Count} {(config.Keys.Count == 1 ? "key" : "keys")}"
                : $"{file} is not there; `faas login` makes it"));
            return true;
        }
        catch (CliException wrong)
        {
            _findings.Add(new Finding("configuration", false, wrong.Message));
            return false;
        }
    }

    private bool TryAddress()
    {
        try
        {
            var address = call.Address;
            _ = call.Client;
            _findings.Add(new Finding("server", true, $"{ServerAddress.NameOf(address.Url)}, from {address.UrlFrom}"));
            if (address is { Key: not null, Url: { Scheme: "http", IsLoopback: false } })
            {
                _findings.Add(new Finding("encryption", null, "The key travels unencrypted: use an https:// URL."));
            }

            return true;
        }
        catch (CliException wrong)
        {
            _findings.Add(new Finding("server", false, wrong.Message));
            return false;
        }
    }

    private async Task LookAtReadinessAsync()
    {
        var readiness = await call.Client.Server.GetReadinessAsync(call.Cancellation);
        _findings.Add(new Finding("ready", readiness.IsReady, readiness.IsReady
            ? $"limits by {readiness.Limits}, sandboxes by {readiness.Launch}, durability {readiness.Durability}"
            : string.Join(" ", readiness.Checks.Where(check => check.Value != "ok").Select(check => $"{check.Key}: {check.Value}"))));
        if (readiness.At is { } at)
        {
            var skew = (DateTimeOffset.UtcNow - at).Duration();
            _findings.Add(skew < s_mostSkew
                ? new Finding("clock", true, "as the server's")
                : new Finding("clock", null, $"It differs from the server's by {Figures.Time(skew)}, which matters to keys that expire."));
        }
    }
}
