using System.CommandLine;
using Faas.Cli.Connection;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands;

/// <summary>One call of a command: its arguments, what it writes to, and the server.</summary>
/// <param name="parsed">The arguments.</param>
/// <param name="terminal">What it writes to.</param>
/// <param name="cancellation">Ctrl+C.</param>
internal sealed class Call(ParseResult parsed, Terminal terminal, CancellationToken cancellation) : IDisposable
{
    private FaasClient? _client;
    private ServerAddress? _address;

    /// <summary>What it writes to.</summary>
    public Terminal Terminal { get; } = terminal;

    /// <summary>Ctrl+C.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>The server that was chosen, and the key. Throws <see cref="CliException"/>.</summary>
    public ServerAddress Address => _address ??= ServerAddress.Of(
        Get(GlobalOptions.Server),
        Get(GlobalOptions.KeyFile),
        Environment.GetEnvironmentVariable,
        () => ConfigFile.Read(ConfigFile.Location),
        Console.In);

    /// <summary>The server's URL for messages, once it is known.</summary>
    public string Server => _address is null ? "The server" : ServerAddress.NameOf(_address.Url);

    /// <summary>A client of that server. Throws <see cref="CliException"/>.</summary>
    public FaasClient Client => _client ??= ClientOf(Address);

    /// <summary>The value of an option.</summary>
    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>The value of an argument.</summary>
    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <inheritdoc/>
    public void Dispose() => _client?.Dispose();

    /// <summary>A client of a server. Throws <see cref="CliException"/>.</summary>
    public static FaasClient ClientOf(ServerAddress address)
    {
        try
        {
            return new FaasClient(address.Url, address.Key);
        }
        catch (ArgumentException)
        {
            throw CliException.Usage($"The key from {address.KeyFrom} has characters that no key has, such as spaces or line breaks.");
        }
    }
}
