using System.Buffers.Binary;
using System.Text;

namespace Faas.Testing;

/// <summary>The fields of one protobuf message by their numbers, without its schema (protobuf.dev, "Encoding").</summary>
public sealed class ProtobufFields
{
    private readonly List<(int Field, ulong Number, ReadOnlyMemory<byte> Bytes)> _fields = [];

    /// <summary>Reads a message. Throws for what is none.</summary>
    public ProtobufFields(ReadOnlyMemory<byte> message)
    {
        var rest = message;
        while (!rest.IsEmpty)
        {
            var tag = Varint(ref rest);
            var (field, wire) = ((int)(tag >> 3), (int)(tag & 7));
            switch (wire)
            {
                case 0:
                    _fields.Add((field, Varint(ref rest), default));
                    break;
                case 1:
                    _fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(rest.Span), default));
                    rest = rest[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref rest);
                    _fields.Add((field, 0, rest[..length]));
                    rest = rest[length..];
                    break;
                case 5:
                    _fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(rest.Span), default));
                    rest = rest[4..];
                    break;
                default:
                    throw new InvalidDataException($"no wire type {wire}");
            }
        }
    }

    /// <summary>Whether the field is there.</summary>
    public bool Has(int field) => _fields.Exists(one => one.Field == field);

    /// <summary>The messages of a repeated field.</summary>
    public IEnumerable<ProtobufFields> All(int field) =>
        _fields.Where(one => one.Field == field).Select(one => new ProtobufFields(one.Bytes));

    /// <summary>The message of a field; an empty one if the field is not there.</summary>
    public ProtobufFields Message(int field) => new(Bytes(field));

    /// <summary>The text of a field.</summary>
    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field).Span);

    /// <summary>The bytes of a field in hexadecimal digits, as ids are written.</summary>
    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field).Span);

    /// <summary>The number of a field.</summary>
    public ulong Number(int field) => _fields.Find(one => one.Field == field).Number;

    private ReadOnlyMemory<byte> Bytes(int field) => _fields.Find(one => one.Field == field).Bytes;

    private static ulong Varint(ref ReadOnlyMemory<byte> rest)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = rest.Span[0];
            rest = rest[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
