#!/usr/bin/env python3
"""Runs DLMS/COSEM clients of other projects against `sts cosem serve` over loopback.

usage: foreign_dlms.py FOLDER [--sts PATH_OF_STS_DLL]

FOLDER holds checkouts of the clients, in any depth: Gurux.DLMS.Python (the package gurux_dlms) and dlms-cosem (the package dlms_cosem). A client
that is not there, or whose own dependencies are not installed, is skipped, and the line says so. None of them is part of this repository.
The exit status is 1 where a client that ran failed in a task.
"""
import json
import os
import socket
import subprocess
import sys
import tempfile
import traceback

ENCRYPTION = bytes.fromhex("000102030405060708090A0B0C0D0E0F")
AUTHENTICATION = bytes.fromhex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF")
# A well formed token of another meter: it is refused with CRCError, which is an answer of the meter.
TOKEN = b"70630503470028726115"
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Server:
    """The command under test, with the keys of the published examples."""

    def __init__(self, sts):
        command = ["dotnet", sts] if sts.endswith(".dll") else [sts]
        self.process = subprocess.Popen(
            command + ["cosem", "serve", "--port", "0", "--hdlc-port", "0", "--laboratory", "--octet-string-times", "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.wrapper = self._port()
        self.hdlc = self._port()

    def _port(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(self.process.stderr.read())
        return int(json.loads(line)["at"].rsplit(":", 1)[1])

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def find_package(folder, name, module):
    for path, folders, _ in os.walk(folder):
        if name in folders and os.path.exists(os.path.join(path, name, module + ".py")):
            return path
    return None


# ---------------------------------------------------------------- Gurux

class GuruxLink:
    """The client library makes and reads frames; this moves them over a socket."""

    def __init__(self, port, client):
        self.client = client
        self.socket = socket.create_connection(("127.0.0.1", port), 5)
        self.socket.settimeout(5)

    def exchange(self, data, reply):
        from gurux_dlms import GXByteBuffer, GXReplyData
        notify = GXReplyData()
        if data is not None:
            self.socket.sendall(bytes(data))
        received = GXByteBuffer()
        while not self.client.getData(received, reply, notify):
            octets = self.socket.recv(4096)
            if not octets:
                raise ConnectionError("the server closed the connection")
            received.set(octets)
        if reply.error:
            raise RuntimeError(f"error {reply.error}")

    def ask(self, data):
        from gurux_dlms import GXReplyData
        reply = GXReplyData()
        for frame in data if isinstance(data, list) else [data]:
            reply.clear()
            self.exchange(frame, reply)
            while reply.isMoreData():
                self.exchange(None if reply.isStreaming() else self.client.receiverReady(reply), reply)
        return reply


def gurux(folder, server):
    from gurux_dlms.secure import GXDLMSSecureClient
    from gurux_dlms.enums import Authentication, Conformance, InterfaceType, ObjectType, Security
    from gurux_dlms.objects import GXDLMSData, GXDLMSRegister, GXDLMSTokenGateway

    def connect(management, hdlc, pdu=0xFFFF, general_blocks=False, own_blocks=True, dedicated=False, counter=0):
        level = Authentication.HIGH_GMAC if management else Authentication.NONE
        client = GXDLMSSecureClient(True, 1 if management else 16, 1, level, None, InterfaceType.HDLC if hdlc else InterfaceType.WRAPPER)
        client.maxReceivePDUSize = pdu
        if general_blocks:
            client.proposedConformance |= Conformance.GENERAL_BLOCK_TRANSFER
        if not own_blocks:
            client.proposedConformance &= ~(Conformance.BLOCK_TRANSFER_WITH_GET_OR_READ | Conformance.BLOCK_TRANSFER_WITH_ACTION)
        if management:
            client.ciphering.security = Security.AUTHENTICATION_ENCRYPTION
            client.ciphering.systemTitle = b"GRX00001"
            client.ciphering.blockCipherKey = bytearray(ENCRYPTION)
            client.ciphering.authenticationKey = bytearray(AUTHENTICATION)
            client.ciphering.invocationCounter = counter
            if dedicated:
                client.ciphering.dedicatedKey = bytearray(range(0x30, 0x40))
        link = GuruxLink(server.hdlc if hdlc else server.wrapper, client)
        request = client.snrmRequest()
        if request:
            client.parseUAResponse(link.ask(request).data)
        client.parseAareResponse(link.ask(client.aarqRequest()).data)
        if management:
            client.parseApplicationAssociationResponse(link.ask(client.getApplicationAssociationRequest()).data)
        return client, link

    def read(client, link, target, index):
        reply = link.ask(client.read(target, index))
        return client.updateValue(target, index, reply.value)

    def close(client, link):
        # Release before DISC, as the library's own example does for ciphered associations and for TCP.
        request = client.releaseRequest()
        if request:
            link.ask(request)
        request = client.disconnectRequest()
        if request:
            link.ask(request)
        link.socket.close()

    def next_counter():
        client, link = connect(False, False)
        value = read(client, link, GXDLMSData("0.0.43.1.0.255"), 2)
        close(client, link)
        return value + 1

    def public(hdlc):
        client, link = connect(False, hdlc)
        name = bytes(read(client, link, GXDLMSData("0.0.42.0.0.255"), 2))
        close(client, link)
        assert name.startswith(b"OST"), name

    def objects(hdlc, pdu=0xFFFF, **options):
        client, link = connect(True, hdlc, pdu, counter=next_counter(), **options)
        client.parseObjects(link.ask(client.getObjectsRequest()).data, True)
        count = len(client.objects)
        close(client, link)
        assert count >= 19, count

    def everything():
        client, link = connect(True, False, counter=next_counter())
        client.parseObjects(link.ask(client.getObjectsRequest()).data, True)
        failed = []
        for each in client.objects:
            # The buffer of a profile is read after its columns.
            for index in sorted(each.getAttributeIndexToRead(True), key=lambda index: (each.objectType == ObjectType.PROFILE_GENERIC and index == 2, index)):
                if (each.objectType, index) == (ObjectType.ASSOCIATION_LOGICAL_NAME, 7):
                    continue
                try:
                    read(client, link, each, index)
                except Exception as error:
                    failed.append(f"{each.objectType} {each.logicalName} {index}: {error}")
        close(client, link)
        assert not failed, "; ".join(failed[:5])

    def many():
        client, link = connect(True, False, counter=next_counter())
        wanted = [(GXDLMSData("0.0.42.0.0.255"), 2), (GXDLMSRegister("1.0.1.8.0.255"), 2), (GXDLMSData("0.0.96.1.0.255"), 2)]
        values = []
        for frame in client.readList(wanted):
            reply = link.ask(frame)
            values.extend(reply.value if isinstance(reply.value, list) else [reply.value])
        close(client, link)
        assert len(values) == 3, values

    def enter(hdlc):
        client, link = connect(True, hdlc, counter=next_counter())
        gateway = GXDLMSTokenGateway("0.0.19.40.0.255")
        link.ask(client.method(gateway, 1, TOKEN, 9))
        token = bytes(read(client, link, gateway, 2))
        status = read(client, link, gateway, 6)
        close(client, link)
        assert token == TOKEN, (token, status)

    return [
        ("public association, wrapper", lambda: public(False)),
        ("public association, HDLC", lambda: public(True)),
        ("object list, HLS-GMAC, wrapper", lambda: objects(False)),
        ("object list, HLS-GMAC, HDLC", lambda: objects(True)),
        ("object list in GET blocks, PDU 200", lambda: objects(False, 200)),
        ("object list in GET blocks, PDU 64", lambda: objects(False, 64)),
        ("object list, both kinds of blocks offered, PDU 200", lambda: objects(False, 200, general_blocks=True)),
        ("object list in general blocks alone, PDU 200", lambda: objects(False, 200, general_blocks=True, own_blocks=False)),
        ("object list in general blocks alone, PDU 1024", lambda: objects(False, 1024, general_blocks=True, own_blocks=False)),
        ("object list under a dedicated key", lambda: objects(False, dedicated=True)),
        ("every attribute of every object", everything),
        ("GET-WITH-LIST", many),
        ("token entered, wrapper", lambda: enter(False)),
        ("token entered, HDLC", lambda: enter(True)),
    ]


# ---------------------------------------------------------------- dlms-cosem

def dlms_cosem(folder, server):
    import structlog
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    from dlms_cosem import cosem, enumerations
    from dlms_cosem.client import DlmsClient
    from dlms_cosem.io import BlockingTcpIO, HdlcTransport, TcpTransport
    from dlms_cosem.security import HighLevelSecurityGmacAuthentication, NoSecurityAuthentication

    def transport(sap, hdlc):
        if hdlc:
            return HdlcTransport(client_logical_address=sap, server_logical_address=1, server_physical_address=17, io=BlockingTcpIO(host="127.0.0.1", port=server.hdlc))
        return TcpTransport(client_logical_address=sap, server_logical_address=1, io=BlockingTcpIO(host="127.0.0.1", port=server.wrapper))

    def attribute(interface, obis, index):
        return cosem.CosemAttribute(interface=interface, instance=cosem.Obis(*obis), attribute=index)

    def public_client(hdlc):
        return DlmsClient(transport=transport(16, hdlc), authentication=NoSecurityAuthentication())

    def next_counter():
        with public_client(False).session() as client:
            data = client.get(attribute(enumerations.CosemInterface.DATA, (0, 0, 43, 1, 0, 255), 2))
        return int.from_bytes(data[1:5], "big") + 1

    def management(hdlc, pdu=65535, dedicated=False):
        return DlmsClient(
            transport=transport(1, hdlc), authentication=HighLevelSecurityGmacAuthentication(challenge_length=32), encryption_key=ENCRYPTION,
            authentication_key=AUTHENTICATION, client_system_title=b"DCS00001", client_initial_invocation_counter=next_counter(), max_pdu_size=pdu,
            dedicated_ciphering=dedicated, block_transfer=pdu < 2000)

    def public(hdlc):
        with public_client(hdlc).session() as client:
            data = client.get(attribute(enumerations.CosemInterface.DATA, (0, 0, 42, 0, 0, 255), 2))
        assert data[2:5] == b"OST", data

    def objects(hdlc, pdu=65535, dedicated=False):
        with management(hdlc, pdu, dedicated).session() as client:
            data = client.get(attribute(enumerations.CosemInterface.ASSOCIATION_LN, (0, 0, 40, 0, 0, 255), 2))
        assert data[0] == 1 and data[1] >= 19, data[:4]

    def many():
        with management(False).session() as client:
            wanted = [attribute(enumerations.CosemInterface.DATA, (0, 0, 42, 0, 0, 255), 2), attribute(enumerations.CosemInterface.REGISTER, (1, 0, 1, 8, 0, 255), 2)]
            response = client.get_many([cosem.CosemAttributeWithSelection(attribute=each, access_selection=None) for each in wanted])
        assert response is not None

    def enter(hdlc):
        gateway = (0, 0, 19, 40, 0, 255)
        interface = enumerations.CosemInterface(115)
        with management(hdlc).session() as client:
            client.action(cosem.CosemMethod(interface=interface, instance=cosem.Obis(*gateway), method=1), bytes([9, len(TOKEN)]) + TOKEN)
            data = client.get(attribute(interface, gateway, 2))
        assert data == bytes([9, len(TOKEN)]) + TOKEN, data

    return [
        ("public association, wrapper", lambda: public(False)),
        ("public association, HDLC", lambda: public(True)),
        ("object list, HLS-GMAC, wrapper", lambda: objects(False)),
        ("object list, HLS-GMAC, HDLC", lambda: objects(True)),
        ("object list in GET blocks, PDU 200", lambda: objects(False, 200)),
        ("object list under a dedicated key", lambda: objects(False, dedicated=True)),
        ("GET-WITH-LIST", many),
        ("token entered, wrapper", lambda: enter(False)),
        ("token entered, HDLC", lambda: enter(True)),
    ]


def main():
    arguments = sys.argv[1:]
    sts = os.path.join(ROOT, "artifacts", "bin", "OpenSts.Cli", "release", "sts.dll")
    if "--sts" in arguments:
        at = arguments.index("--sts")
        sts = arguments[at + 1]
        del arguments[at:at + 2]
    if len(arguments) != 1:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    folder = arguments[0]
    if not os.path.isdir(folder):
        print(f"skipped: there is no folder {folder} with clients of other projects")
        return 0
    failures = ran = 0
    server = Server(sts)
    try:
        for title, package, module, tasks in [("Gurux.DLMS.Python", "gurux_dlms", "GXDLMSClient", gurux), ("dlms-cosem", "dlms_cosem", "client", dlms_cosem)]:
            path = find_package(folder, package, module)
            if path is None:
                print(f"{title}: skipped, no package {package} below {folder}")
                continue
            sys.path.insert(0, path)
            try:
                listed = tasks(path, server)
            except ImportError as error:
                print(f"{title}: skipped, {error}")
                continue
            for name, task in listed:
                ran += 1
                try:
                    task()
                    print(f"{title}: {name}: done")
                except Exception as error:
                    if isinstance(error, AttributeError) and "blockNumber" in str(error):
                        print(f"{title}: {name}: not to the end, a fault of the client ({error})")
                        continue
                    failures += 1
                    print(f"{title}: {name}: FAILED, {type(error).__name__}: {error}")
                    if os.environ.get("FOREIGN_TRACE"):
                        traceback.print_exc()
    finally:
        server.stop()
    print(f"{ran} tasks, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
