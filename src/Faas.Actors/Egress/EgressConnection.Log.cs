using System.Diagnostics;
using Faas.Actors.Json;
using Microsoft.Extensions.Logging;

namespace Faas.Actors.Egress;

/// <summary>The audit: one line for each connection, but of those that are not let through only for the first of a run.</summary>
internal sealed partial class EgressConnection
{
    private void Audit()
    {
        var grant = _account.Grant;
        var (up, down) = (Interlocked.Read(ref _up), Interlocked.Read(ref _down));
        var verdict = _refusal?.Verdict ?? (_host is null ? EgressVerdict.Abandoned : EgressVerdict.Allowed);
        if (_refusal is not null)
        {
            _account.Refused();
        }

        _parts.Meters.Ended(verdict, up, down);
        var isListed = verdict == EgressVerdict.Allowed || _account.MayList();
        if (!isListed || !_parts.Log.IsEnabled(LogLevel.Information))
        {
            return;
        }

        var (word, address) = (verdict.ToWire(), _address?.ToString() ?? "-");
        var (put, withheld) = (NamesOf(_put), NamesOf(_withheld));
        var duration = Stopwatch.GetElapsedTime(_begun).TotalSeconds;
        LogConnection(
            _parts.Log,
            word,
            _target?.Host.Text ?? "-",
            _target?.Port ?? 0,
            address,
            _rule?.Text ?? "-",
            grant.Script ?? "-",
            grant.Version ?? 0,
            grant.CallId ?? "-",
            up,
            down,
            duration,
            put,
            withheld,
            _refusal?.Text ?? "-");
    }

    private static string NamesOf(SortedSet<string> names) => names.Count == 0 ? "-" : string.Join(',', names);

    [LoggerMessage(
        EventId = 1,
        EventName = "Egress",
        Level = LogLevel.Information,
        Message = "egress verdict={Verdict} host={Host} port={Port} address={Address} rule={Rule} script={Script} version={Version} "
            + "call={Call} up={Up} down={Down} duration={Duration:F6} secrets={Secrets} withheld={Withheld} "
            + "reason={Reason}")]
    private static partial void LogConnection(
        ILogger log,
        string verdict,
        string host,
        int port,
        string address,
        string rule,
        string script,
        long version,
        string call,
        long up,
        long down,
        double duration,
        string secrets,
        string withheld,
        string reason);
}
