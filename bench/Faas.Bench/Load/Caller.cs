namespace Faas.Bench.Load;

/// <summary>Makes a call again and again, over a connection, a zygote's pipes or a command line. For one thread at a time.</summary>
/// <param name="call">
/// Makes one call and waits for the whole answer. Throws <see cref="CallFailedException"/>, <see cref="IOException"/> or
/// <see cref="System.Net.Sockets.SocketException"/> when the right answer does not come.
/// </param>
/// <param name="owned">What is disposed with it.</param>
internal sealed class Caller(Action call, IDisposable? owned = null) : IDisposable
{
    public void Call() => call();

    public void Dispose() => owned?.Dispose();
}

/// <summary>A call was answered wrongly; the message says how, in one line.</summary>
internal sealed class CallFailedException(string message) : Exception(message);
