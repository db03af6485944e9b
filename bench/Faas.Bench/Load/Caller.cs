namespace Faas.Bench.Load;

/// <summary>One client that makes a call again and again, over a connection, a zygote's pipes or a command line. Used by one thread at a time.</summary>
/// <param name="call">
/// Makes one call and waits for the whole answer. Throws <see cref="CallFailedException"/>, <see cref="IOException"/> or
/// <see cref="System.Net.Sockets.SocketException"/> when the right answer does not come.
/// </param>
/// <param name="owned">What is disposed with it.</param>
internal sealed class Caller(Action call, IDisposable? owned = null) : IDisposable
{
    /// <summary>Makes one call.</summary>
    public void Call() => call();

    /// <inheritdoc/>
    public void Dispose() => owned?.Dispose();
}

/// <summary>A call was answered wrongly; the message says how, in one line.</summary>
internal sealed class CallFailedException(string message) : Exception(message);
