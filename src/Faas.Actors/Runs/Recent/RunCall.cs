namespace Faas.Actors.Runs.Recent;

/// <summary>The call that asked for a run: what only the server around the run knows. Safe from any thread.</summary>
/// <param name="via">By which door it came.</param>
/// <param name="received">When it came.</param>
public sealed class RunCall(RunVia via, DateTimeOffset received)
{
    private const int Open = -1, Cut = 0;

    private int _status = Open;

    /// <summary>By which door it came.</summary>
    public RunVia Via => via;

    /// <summary>When its headers had come.</summary>
    public DateTimeOffset Received => received;

    /// <summary>Whether its answer is complete, or will never be sent.</summary>
    public bool IsAnswered => Volatile.Read(ref _status) != Open;

    /// <summary>The HTTP status of its answer; null: none was sent, or not yet.</summary>
    public int? Status => Volatile.Read(ref _status) is > Cut and var status ? status : null;

    /// <summary>Its answer is complete.</summary>
    /// <param name="status">The HTTP status; null: its client had left, so none was sent.</param>
    public void Answered(int? status) => Volatile.Write(ref _status, status ?? Cut);
}
