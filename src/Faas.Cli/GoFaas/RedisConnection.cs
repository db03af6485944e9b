using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Faas.Actors.Storage.Redis;
using Faas.Cli.Output;

namespace Faas.Cli.GoFaas;

/// <summary>
/// Asks a Redis one question after another. Theory of operation: a command is an array of texts and the answer is read by its first byte
/// (RESP2, the Redis serialization protocol specification). Reading go-faas takes six commands, for which a library of a store would make
/// the command line start slower.
/// </summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private const int MostBytes = 512 << 20; // of a text in Redis
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly Stream _stream;
    private readonly BufferedStream _reading;
    private readonly string _name;

    private RedisConnection(Stream stream, string name) => (_stream, _reading, _name) = (stream, new BufferedStream(stream), name);

    /// <summary>Connects and logs in. Throws <see cref="CliException"/>.</summary>
    public static async Task<RedisConnection> OpenAsync(RedisEndpoint address, CancellationToken cancellation)
    {
        var host = address.Host.Trim('[', ']'); // those of an IPv6 address in a URL
        var name = $"Redis at {host}:{address.Port}";
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var deadline = Deadline(cancellation);
            await socket.ConnectAsync(host, address.Port, deadline.Token);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (address.Tls)
            {
                var encrypted = new SslStream(stream);
                await encrypted.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, deadline.Token);
                stream = encrypted;
            }

            var redis = new RedisConnection(stream, name);
            await redis.LogInAsync(address, cancellation);
            return redis;
        }
        catch (Exception failed) when (failed is SocketException or IOException or System.Security.Authentication.AuthenticationException)
        {
            socket.Dispose();
            throw new CliException(
                ExitCode.Unreachable, $"{name} cannot be reached: {failed.GetBaseException().Message.ReplaceLineEndings(" ")}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw Slow(name);
        }
        catch (CliException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Asks. The answer is a text, a number as text, a list of answers, or null. Throws <see cref="RedisException"/> if Redis refuses, and
    /// <see cref="CliException"/> if it does not answer.
    /// </summary>
    public async Task<object?> AskAsync(CancellationToken cancellation, params string[] command)
    {
        using var deadline = Deadline(cancellation);
        try
        {
            await _stream.WriteAsync(Written(command), deadline.Token);
            return await AnswerAsync(deadline.Token);
        }
        catch (IOException)
        {
            throw new CliException(ExitCode.Unreachable, $"{_name} has ended the connection.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Slow(_name);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task LogInAsync(RedisEndpoint address, CancellationToken cancellation)
    {
        try
        {
            if (address.Password.Length > 0)
            {
                string[] login = address.User.Length > 0 ? ["AUTH", address.User, address.Password] : ["AUTH", address.Password];
                await AskAsync(cancellation, login);
            }

            await AskAsync(cancellation, "SELECT", address.Database.ToString(CultureInfo.InvariantCulture));
        }
        catch (RedisException refused)
        {
            throw new CliException(ExitCode.Unreachable, $"{_name} refuses: {refused.Message}");
        }
    }

    private static byte[] Written(string[] command)
    {
        using var bytes = new MemoryStream();
        bytes.Write(Encoding.ASCII.GetBytes($"*{command.Length}\r\n"));
        foreach (var text in command.Select(Encoding.UTF8.GetBytes))
        {
            bytes.Write(Encoding.ASCII.GetBytes($"${text.Length}\r\n"));
            bytes.Write(text);
            bytes.Write("\r\n"u8);
        }

        return bytes.ToArray();
    }

    private async Task<object?> AnswerAsync(CancellationToken cancellation)
    {
        var line = await LineAsync(cancellation);
        switch (line)
        {
            case ['+' or ':', .. var text]:
                return text;
            case ['-', .. var refusal]:
                throw new RedisException(refusal);
            case ['$', .. var length]:
                return await TextAsync(Count(length), cancellation);
            case ['*', .. var length] when Count(length) is var count and >= 0:
                var list = new List<object?>();
                for (var i = 0; i < count; i++)
                {
                    list.Add(await AnswerAsync(cancellation));
                }

                return list;
            case ['*', ..]:
                return null;
            default:
                throw Foreign();
        }
    }

    private async Task<string?> TextAsync(int length, CancellationToken cancellation)
    {
        if (length < 0)
        {
            return null;
        }

        var bytes = new byte[length + 2];
        await _reading.ReadExactlyAsync(bytes, cancellation);
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private async Task<string> LineAsync(CancellationToken cancellation)
    {
        const int longest = 64 << 10;
        var (line, one) = (new List<byte>(), new byte[1]);
        while (line is not [.., (byte)'\r', (byte)'\n'])
        {
            await _reading.ReadExactlyAsync(one, cancellation);
            line.Add(one[0]);
            if (line.Count > longest)
            {
                throw Foreign();
            }
        }

        return Encoding.UTF8.GetString([.. line[..^2]]);
    }

    private int Count(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) && count <= MostBytes
            ? count
            : throw Foreign();

    private CliException Foreign() => new(ExitCode.Unreachable, $"{_name} answers as no Redis does.");

    private static CliException Slow(string name) =>
        new(ExitCode.Unreachable, $"{name} did not answer within {s_patience.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.");

    private static CancellationTokenSource Deadline(CancellationToken cancellation)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(s_patience);
        return deadline;
    }
}

/// <summary>Redis refuses a command; the message is its own.</summary>
internal sealed class RedisException(string message) : Exception(message);
