using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Faas.Bench.Scale;

// Theory of operation. Every .NET process listens on a socket in the folder for temporary files. A session of its event
// pipe with the runtime's keyword GCHeapCollect makes it collect all generations; the session's own bytes are read to
// the end and mean nothing here. Source: dotnet/diagnostics, documentation/design-docs/ipc-protocol.md.

/// <summary>Makes another .NET process collect its garbage.</summary>
internal static class FullCollection
{
    private const string Provider = "Microsoft-Windows-DotNETRuntime";
    private const ulong HeapCollect = 0x800000;
    private const uint Informational = 4;
    private const byte EventPipe = 2;
    private const byte StopTracing = 1;
    private const byte CollectTracing2 = 3;
    private const byte ServerAnswer = 0xFF;
    private const byte Refused = 0xFF;
    private const int HeaderBytes = 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Returns when it is done. Throws <see cref="BenchException"/> when the process does not listen, or refuses.</summary>
    public static void Of(int pid)
    {
        var address = Directory.EnumerateFiles(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"dotnet-diagnostic-{pid}-*-socket")).FirstOrDefault()
            ?? throw new BenchException($"Process {pid} has no diagnostics socket in {Path.GetTempPath()}; DOTNET_EnableDiagnostics must not be 0.");
        using var session = Open(address);
        session.Write(Message(CollectTracing2, Session()));
        var id = Answer(session);
        var drained = Task.Run(() => session.CopyTo(Stream.Null));
        using (var control = Open(address))
        {
            control.Write(Message(StopTracing, id));
            Answer(control);
        }

        if (!drained.Wait(s_patience))
        {
            throw new BenchException($"Process {pid} did not end its collection within {s_patience.TotalSeconds:0} s.");
        }
    }

    /// <summary>A message: magic, length, command, payload.</summary>
    public static byte[] Message(byte command, ReadOnlySpan<byte> payload)
    {
        var message = new byte[HeaderBytes + payload.Length];
        "DOTNET_IPC_V1\0"u8.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        (message[16], message[17]) = (EventPipe, command);
        payload.CopyTo(message.AsSpan(HeaderBytes));
        return message;
    }

    // Size of its buffer in MB, format (nettrace), no rundown, one provider: keywords, level, name, no filter.
    private static byte[] Session()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(16u);
        writer.Write(1u);
        writer.Write(false);
        writer.Write(1u);
        writer.Write(HeapCollect);
        writer.Write(Informational);
        writer.Write((uint)Provider.Length + 1);
        writer.Write(Encoding.Unicode.GetBytes(Provider + '\0'));
        writer.Write(0u);
        writer.Flush();
        return bytes.ToArray();
    }

    private static NetworkStream Open(string address)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(address));
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static byte[] Answer(NetworkStream stream)
    {
        var header = new byte[HeaderBytes];
        stream.ReadExactly(header);
        var payload = new byte[BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(14)) - HeaderBytes];
        stream.ReadExactly(payload);
        return header[16] == ServerAnswer && header[17] != Refused
            ? payload
            : throw new BenchException($"The runtime refused a session of its event pipe: {Convert.ToHexString(payload)}.");
    }
}
