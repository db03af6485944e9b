using Faas.Client;

namespace Faas.Cli.Commands.Pool;

/// <summary>How often scripts ran in the last two minutes, read again every five seconds while somebody looks.</summary>
internal sealed class LatestActivity
{
    private const int Minutes = 2;
    private const int MostScripts = 1000;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);
    private volatile RecentActivity? _value;

    /// <summary>What was read last; null: nothing yet, or the server does not answer.</summary>
    public RecentActivity? Value => _value;

    /// <summary>Reads it once.</summary>
    public static Task<RecentActivity> ReadAsync(Call call, CancellationToken cancellation) =>
        call.Client.Runs.ActivityAsync(Minutes, limit: MostScripts, cancellation: cancellation);

    /// <summary>Reads it until it is cancelled.</summary>
    public async Task KeepAsync(Call call, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                _value = await ReadAsync(call, cancellation);
            }
            catch (Exception failed) when (PoolWatch.MayPass(failed))
            {
                _value = null; // The stream of the pool says that the server does not answer.
            }

            await Task.Delay(s_interval, cancellation);
        }
    }
}
